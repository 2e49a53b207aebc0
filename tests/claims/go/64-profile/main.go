//claims:run native js page
// Half a second of work, profiled: how many samples are in the profile?
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"runtime/pprof"
	"time"
)

// The samples of a profile: the fields with number 2 of its outermost message.
func samples(profile io.Reader) (count int) {
	unzipped, _ := gzip.NewReader(profile)
	rest, _ := io.ReadAll(unzipped)
	for len(rest) > 0 {
		tag, n := binary.Uvarint(rest)
		value, m := binary.Uvarint(rest[n:])
		rest = rest[n+m:]
		if tag&7 == 2 {
			rest = rest[value:]
		}
		if tag == 2<<3|2 {
			count++
		}
	}
	return count
}

func main() {
	var profile, heap bytes.Buffer
	err := pprof.StartCPUProfile(&profile)
	for start := time.Now(); time.Since(start) < time.Second/2; {
	}
	pprof.StopCPUProfile()
	fmt.Println("StartCPUProfile:", err, "| samples:", samples(&profile) > 0)
	fmt.Println("heap profile:", pprof.Lookup("heap").WriteTo(&heap, 0), "| bytes:", heap.Len() > 0)
}
