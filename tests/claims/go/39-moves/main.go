//claims:run native js page
// What the collector moves, what it collects, and whether the address of a local dangles.
package main

import (
	"fmt"
	"runtime"
	"time"
	"unsafe"
)

type node struct {
	other *node
	data  [64]byte
}

//go:noinline
func createDanglingPointer() *int { x := 42; return &x }

//go:noinline
func deep(n int, p *int) int {
	var block [256]int
	block[n%256] = n
	if n == 0 {
		return *p + block[0]
	}
	return deep(n-1, p) + block[n%256]
}

var sink []byte

func collect() {
	for i := range 200000 {
		sink = make([]byte, 64)
		sink[0] = byte(i)
	}
	runtime.GC()
}

func main() {
	pointers := make([]*int, 1000)
	for i := range pointers {
		pointers[i] = createDanglingPointer()
	}
	object := &node{}
	heap := uintptr(unsafe.Pointer(object))
	for range 5 {
		collect()
	}
	wrong := 0
	for _, p := range pointers {
		if *p != 42 {
			wrong++
		}
	}
	fmt.Println("pointers to a local that are wrong:", wrong, "of", len(pointers))
	fmt.Println("a heap object moved:", heap != uintptr(unsafe.Pointer(object)))
	runtime.KeepAlive(object)

	x := 1
	stack := uintptr(unsafe.Pointer(&x))
	deep(5000, &x)
	fmt.Println("a variable on the stack moved:", stack != uintptr(unsafe.Pointer(&x)))

	ran := make(chan string, 2)
	func() {
		a, b := &node{}, &node{}
		a.other, b.other = b, a
		runtime.AddCleanup(a, func(int) { ran <- "collected" }, 0)
		c, d := &node{}, &node{}
		c.other, d.other = d, c
		runtime.SetFinalizer(c, func(*node) { ran <- "finalized" })
	}()
	for range 4 {
		runtime.GC()
	}
	time.Sleep(200 * time.Millisecond)
	for len(ran) > 0 {
		fmt.Println("of two cycles, one with a cleanup and one with a finalizer:", <-ran)
	}
}
