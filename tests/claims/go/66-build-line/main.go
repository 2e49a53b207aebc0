//claims:run refused
// The article's build constraint.
//go:build js,wasm

package main

func main() {}
