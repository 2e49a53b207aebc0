//claims:run js page
// A host without syscall/js: an export that JavaScript calls, and an import that it provides.
package main

import (
	"fmt"
	"syscall/js"
)

//go:wasmexport add
func add(a, b int32) int32 { return a + b }

//go:wasmimport env host_mul
func hostMul(a, b int32) int32

func main() {
	fmt.Println("host_mul(7, 10):", hostMul(7, 10))
	exports := js.Global().Get("instance").Get("exports")
	fmt.Println("exports.add(40, 2):", exports.Call("add", 40, 2).Int())
}
