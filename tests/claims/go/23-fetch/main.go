//claims:run page
// Rows 9 and 23: http.Get in a page, the article's Transport there, and which limit counts.
package main

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall/js"
	"time"
)

func get(what string, client *http.Client, path string) {
	answer, err := client.Get(js.Global().Get("location").Get("origin").String() + path)
	if err != nil {
		// Without the address, whose port varies.
		words := strings.Split(err.Error(), ": ")
		fmt.Println(what+":", words[len(words)-1])
		return
	}
	fmt.Println(what+":", answer.StatusCode)
}

func main() {
	const limit = 300 * time.Millisecond
	get("default client", http.DefaultClient, "/page.js")
	get("the article's Transport", &http.Client{Transport: &http.Transport{
		DialContext:           (&net.Dialer{Timeout: time.Second}).DialContext,
		TLSHandshakeTimeout:   3 * time.Second,
		ResponseHeaderTimeout: 8 * time.Second,
	}}, "/page.js")
	get("ResponseHeaderTimeout 300 ms, an answer after 1 s", &http.Client{
		Transport: &http.Transport{ResponseHeaderTimeout: limit},
	}, "/slow")
	get("Client.Timeout 300 ms, an answer after 1 s", &http.Client{Timeout: limit}, "/slow")
}
