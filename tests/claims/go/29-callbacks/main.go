//claims:run js page
// What a js.FuncOf keeps, and what its `this` is.
package main

import (
	"fmt"
	"runtime"
	"syscall/js"
)

func grown(release bool) bool {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for range 20000 {
		kept := make([]byte, 1024)
		f := js.FuncOf(func(js.Value, []js.Value) any { return len(kept) })
		if release {
			f.Release()
		}
	}
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&after)
	return int64(after.HeapAlloc)-int64(before.HeapAlloc) > 20000*1024
}

func main() {
	fmt.Println("more than 20,000 KiB stay, released:", grown(true))
	fmt.Println("more than 20,000 KiB stay, not released:", grown(false))
	f := js.FuncOf(func(this js.Value, _ []js.Value) any { return this.Type().String() })
	call := js.Global().Get("Function").New("f", "'use strict'; return `${f.call({})}, ${f.call(1)}, ${f()}`")
	fmt.Println("this is what the caller passes:", call.Invoke(f))
}
