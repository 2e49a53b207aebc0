//claims:run race
// Check, use, set to nil: the article's way to make a handle safe for threads.
package main

import (
	"sync"
	"unsafe"
)

type MemHandle struct{ ptr unsafe.Pointer }

func (h *MemHandle) free() {
	if h.ptr != nil {
		h.ptr = nil
	}
}

func main() {
	h := &MemHandle{unsafe.Pointer(new(int))}
	var both sync.WaitGroup
	for range 2 {
		both.Go(h.free)
	}
	both.Wait()
}
