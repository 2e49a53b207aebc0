//claims:run js page
// Reads one byte at addresses that are nobody's. The last one ends the program, past every recover.
package main

import (
	"fmt"
	"unsafe"
)

//go:noinline
func load(address uintptr) byte { return *(*byte)(unsafe.Pointer(address)) }

func try(address uintptr) {
	defer func() {
		if said := recover(); said != nil {
			fmt.Printf("%#x panics: %v\n", address, said)
		}
	}()
	load(address)
	fmt.Printf("%#x can be read\n", address)
}

func main() {
	fmt.Println("a pointer has", unsafe.Sizeof(uintptr(0)), "bytes")
	for _, address := range []uintptr{0, 8, 0x1000, 0x100000010, 0x7fffffff} {
		try(address)
	}
}
