//claims:run js page
// JavaScript reads a Go slice at its Go address, and a view goes dead when Go allocates.
package main

import (
	"fmt"
	"runtime"
	"syscall/js"
	"unsafe"
)

func main() {
	bytes := js.Global().Get("Uint8Array")
	exports := js.Global().Get("instance").Get("exports")
	buffer := func() js.Value { return exports.Get("mem").Get("buffer") }

	data := []byte("hello from the Go heap")
	at := int(uintptr(unsafe.Pointer(&data[0])))
	seen := js.Global().Get("TextDecoder").New().Call("decode", bytes.New(buffer(), at, len(data)))
	runtime.KeepAlive(data)
	fmt.Println("JavaScript reads at the Go address:", seen)

	view := bytes.New(buffer())
	alive := view.Get("length").Int() > 0
	large := make([]byte, 64<<20)
	large[0] = 1
	fmt.Println("the view is alive before and after 64 MiB:", alive, view.Get("length").Int() > 0)
	runtime.KeepAlive(large)
	fmt.Println("exports.memory, exports.mem:", exports.Get("memory").Type(), exports.Get("mem").Type())
}
