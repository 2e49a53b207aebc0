//claims:run native
// The article's handle with a finalizer: when it frees, and whether free(nil) does harm.
package main

// #include <stdlib.h>
import "C"

import (
	"fmt"
	"runtime"
	"time"
	"unsafe"
)

type MemHandle struct{ ptr unsafe.Pointer }

var frees int

func (h *MemHandle) free() {
	if h.ptr != nil {
		C.free(h.ptr)
		frees++
		h.ptr = nil
	}
}

func NewMemHandle(size int) *MemHandle {
	h := &MemHandle{C.malloc(C.size_t(size))}
	runtime.SetFinalizer(h, (*MemHandle).free)
	return h
}

func collect() {
	runtime.GC()
	time.Sleep(50 * time.Millisecond)
}

func main() {
	C.free(nil)
	fmt.Println("C.free(nil) did nothing")

	p := (*[64]byte)(NewMemHandle(64).ptr)
	collect()
	fmt.Println("freed while its pointer is in use:", frees == 1)
	runtime.KeepAlive(p)

	h := NewMemHandle(64)
	p = (*[64]byte)(h.ptr)
	collect()
	p[0] = 1
	fmt.Println("freed, with KeepAlive after the use:", frees == 2)
	runtime.KeepAlive(h)
	runtime.SetFinalizer(&node{}, func(*node) { fmt.Println("a finalizer ran at exit") })
}

type node struct{ data [64]byte }
