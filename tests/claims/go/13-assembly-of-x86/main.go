//claims:run refused
// Assembly for x86, in a file whose name says nothing: it is not ignored.
package main

import "fmt"

func add(a, b int64) int64

func main() { fmt.Println(add(40, 2)) }
