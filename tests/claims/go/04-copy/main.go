//claims:run js page
// How much js.CopyBytesToJS copies, and what it refuses.
package main

import (
	"fmt"
	"syscall/js"
)

func try(kind string, data []byte) {
	defer func() {
		if said := recover(); said != nil {
			fmt.Println(kind, "panics:", said)
		}
	}()
	fmt.Println(kind, js.CopyBytesToJS(js.Global().Get(kind).New(4), data), "of", len(data))
}

func main() {
	data := []byte("hello from the Go heap")
	try("Uint8Array", data)
	try("Float32Array", data)
	try("Array", data)
}
