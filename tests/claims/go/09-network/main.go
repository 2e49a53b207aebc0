//claims:run js
// A server inside the module; what the Transport of the article reaches; a command; a map.
package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"time"
)

func get(client *http.Client, url string) string {
	answer, err := client.Get(url)
	if err != nil {
		return err.Error()
	}
	body, _ := io.ReadAll(answer.Body)
	return fmt.Sprint(answer.StatusCode, " ", string(body))
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:8080")
	fmt.Println("net.Listen:", err)
	go http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "served inside the module")
	}))
	dial := &http.Client{Transport: &http.Transport{DialContext: (&net.Dialer{Timeout: time.Second}).DialContext}}
	fmt.Println("with DialContext, to that server:", get(dial, "http://127.0.0.1:8080/"))
	fmt.Println("with DialContext, to the world outside:", get(dial, "http://127.0.0.1:9/"))
	fmt.Println("os/exec:", exec.Command("/bin/ls").Run())
}
