//claims:run native js
// How long the world stops, and how long a forced collection of 300,000 objects takes: two numbers.
package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"time"
)

type object struct{ data [72]byte }

func main() {
	kept := make([]*object, 300000)
	for i := range kept {
		kept[i] = &object{}
	}
	var first, last debug.GCStats
	debug.ReadGCStats(&first)
	var slowest, pause time.Duration
	for range 5 {
		start := time.Now()
		runtime.GC()
		slowest = max(slowest, time.Since(start))
	}
	debug.ReadGCStats(&last)
	for _, p := range last.Pause[:last.NumGC-first.NumGC] {
		pause = max(pause, p)
	}
	runtime.KeepAlive(kept)
	println("longest stop", pause.Microseconds(), "us, slowest collection", slowest.Microseconds(), "us")
	fmt.Println("a collection lasts longer than the world stops:", slowest > pause)
}
