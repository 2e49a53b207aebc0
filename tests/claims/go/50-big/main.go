//claims:run native js page
// math/big, natively and as wasm.
package main

import (
	"fmt"
	"math/big"
)

func main() {
	f := big.NewInt(1)
	for i := int64(2); i <= 1000; i++ {
		f.Mul(f, big.NewInt(i))
	}
	power := new(big.Int).Exp(big.NewInt(3), big.NewInt(100000), nil)
	rest := new(big.Int).Mod(power, big.NewInt(1000000007))
	third := new(big.Float).SetPrec(200).Quo(big.NewFloat(1), big.NewFloat(3))
	fmt.Println(len(f.String()), len(power.String()), rest, third.Text('g', 50))
}
