//claims:run native
// Which limit ends which silence. What has not ended after two seconds counts as hanging.
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

const limit = 300 * time.Millisecond

func listen(answer func(net.Conn)) string {
	listener, _ := net.Listen("tcp", "127.0.0.1:0")
	go func() {
		for {
			if connection, err := listener.Accept(); err == nil {
				go answer(connection)
			}
		}
	}()
	return listener.Addr().String()
}

func dial(ctx context.Context, network, address string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return (&net.Dialer{}).DialContext(ctx, network, address)
}

func try(name string, client *http.Client, url string) {
	ended := make(chan string, 1)
	go func() {
		answer, err := client.Get(url)
		if err == nil {
			_, err = io.ReadAll(answer.Body)
		}
		ended <- "ends"
	}()
	select {
	case how := <-ended:
		fmt.Println(name+":", how)
	case <-time.After(2 * time.Second):
		fmt.Println(name + ": still hanging")
	}
}

func main() {
	t := http.DefaultTransport.(*http.Transport)
	fmt.Println("default: Client.Timeout", http.DefaultClient.Timeout, "| headers", t.ResponseHeaderTimeout, "| TLS", t.TLSHandshakeTimeout)
	silent := listen(func(net.Conn) {})
	stalled := listen(func(c net.Conn) {
		c.Read(make([]byte, 4096))
		io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
	})
	all := func() *http.Transport {
		return &http.Transport{DialContext: dial, TLSHandshakeTimeout: limit, ResponseHeaderTimeout: limit}
	}
	try("default client, silent server", &http.Client{}, "http://"+silent)
	try("dial limit alone, silent TLS", &http.Client{Transport: &http.Transport{DialContext: dial}}, "https://"+silent)
	try("dial, TLS and headers, silent TLS", &http.Client{Transport: all()}, "https://"+silent)
	try("dial, TLS and headers, silent server", &http.Client{Transport: all()}, "http://"+silent)
	try("dial, TLS and headers, stalled body", &http.Client{Transport: all()}, "http://"+stalled)
	try("Client.Timeout, stalled body", &http.Client{Timeout: limit}, "http://"+stalled)
	try("Client.Timeout, silent TLS", &http.Client{Timeout: limit}, "https://"+silent)
}
