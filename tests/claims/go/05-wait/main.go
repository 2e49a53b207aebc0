//claims:run js page
// What stops JavaScript's timers, and what does not. The counts vary; whether one is 0 does not.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"syscall/js"
	"time"
)

var global = js.Global()

func ticks() int { return global.Get("ticks").Int() }

func say(what string, before int) { fmt.Println(what, "| timers fired:", ticks()-before > 0) }

func busy(long time.Duration) {
	for start := time.Now(); time.Since(start) < long; {
	}
}

// Calls a Go function from a JavaScript timer, and says whether other timers fired during the call.
func callback(what string, body func()) {
	done := make(chan int)
	f := js.FuncOf(func(js.Value, []js.Value) any {
		before := ticks()
		body()
		n := ticks() - before
		go func() { done <- n }()
		return nil
	})
	defer f.Release()
	global.Call("setTimeout", f, 0)
	fmt.Println(what, "| timers fired:", <-done > 0)
}

func main() {
	global.Set("ticks", 0)
	// A timer of JavaScript's own, which asks nothing of Go.
	timer := global.Get("Function").New("return setInterval(() => ticks++, 10)").Invoke()
	time.Sleep(50 * time.Millisecond)

	before := ticks()
	time.Sleep(500 * time.Millisecond)
	say("time.Sleep in a goroutine", before)

	var mu sync.Mutex
	mu.Lock()
	time.AfterFunc(300*time.Millisecond, mu.Unlock)
	before = ticks()
	mu.Lock()
	say("Mutex.Lock in a goroutine", before)

	fmt.Println("GOMAXPROCS after asking for 8:", func() int { runtime.GOMAXPROCS(8); return runtime.GOMAXPROCS(0) }())
	ran := 0
	go func() { ran++ }()
	before = ticks()
	busy(200 * time.Millisecond)
	others := ran // printing would let it run
	say("a busy loop", before)
	fmt.Println("another goroutine ran meanwhile:", others, "times")

	before = ticks()
	for start := time.Now(); time.Since(start) < 200*time.Millisecond; {
		runtime.Gosched()
	}
	say("a loop over runtime.Gosched", before)

	callback("setTimeout with a busy FuncOf", func() { busy(200 * time.Millisecond) })
	callback("time.Sleep inside a FuncOf", func() { time.Sleep(200 * time.Millisecond) })
	global.Call("clearInterval", timer)
}
