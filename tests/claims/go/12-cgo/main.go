//claims:run refused
// C in a program for js/wasm, with CGO_ENABLED=1.
package main

// #include <stdlib.h>
import "C"

func main() { C.free(nil) }
