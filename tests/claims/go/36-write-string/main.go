//claims:run refused
// The article's writeStringToWasm.
package main

import (
	"syscall/js"
	"unsafe"
)

func writeStringToWasm(mem js.Value, offset uint32, s string) {
	p := (*[1 << 30]byte)(unsafe.Pointer(mem))[offset:]
	copy(p[:len(s)], s)
}

func main() { writeStringToWasm(js.Global().Get("memory").Get("buffer"), 0, "hi") }
