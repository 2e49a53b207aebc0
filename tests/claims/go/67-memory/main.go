//claims:run js
// How much memory a Go program gets. Only the first byte of each block is written.
package main

import "fmt"

func main() {
	var kept [][]byte
	for gib := 1; gib <= 3; gib++ {
		for range 4 {
			kept = append(kept, make([]byte, 256<<20))
		}
		fmt.Println(gib, "GiB")
	}
	for {
		kept = append(kept, make([]byte, 256<<20))
	}
}
