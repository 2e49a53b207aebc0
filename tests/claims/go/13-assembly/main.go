//claims:run js
// Go's own assembly for wasm, in a file that ends in _wasm.s.
package main

import "fmt"

func add(a, b int64) int64

func main() { fmt.Println("add(40, 2) in assembly:", add(40, 2)) }
