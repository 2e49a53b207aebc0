//claims:run page
// Rows 28 and 30: what Go may change on a page, and the ways out of the article's SafeQuery.
package main

import (
	"fmt"
	"syscall/js"
)

var document = js.Global().Get("document")

// As the article has it.
func SafeQuery(sel string) js.Value {
	root := document.Call("querySelector", "[data-wasm-scope]")
	return root.Call("querySelector", sel)
}

func main() {
	body := document.Get("body")
	body.Set("innerHTML", `<main id="scope" data-wasm-scope><p id="inside"></p></main><p id="outside"></p>`)
	fmt.Println("two parents up:", SafeQuery("#inside").Get("parentElement").Get("parentElement").Get("tagName"))
	fmt.Println("before the attribute moves, #outside is null:", SafeQuery("#outside").IsNull())
	document.Call("getElementById", "scope").Call("removeAttribute", "data-wasm-scope")
	body.Call("setAttribute", "data-wasm-scope", "")
	fmt.Println("afterwards it is:", SafeQuery("#outside").Get("id"))
	fmt.Println("script, [onclick], * is answered:", SafeQuery("script, [onclick], *").Get("tagName"))

	js.Global().Set("fromGo", 5)
	fmt.Println("a global, by eval:", js.Global().Call("eval", "fromGo + 37").Int())
	document.Call("write", "<p id=written></p>")
	fmt.Println("document.write:", document.Call("getElementById", "written").Truthy())
}
