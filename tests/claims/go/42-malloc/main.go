//claims:run refused native
// The article's C.Cmalloc.
package main

// #include <stdlib.h>
import "C"

func main() { C.Cmalloc(C.size_t(8)) }
