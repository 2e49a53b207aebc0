//claims:run native js
// reflect.Value.SetMapIndex on a map that is not addressable, and on a nil map.
package main

import (
	"fmt"
	"reflect"
)

func main() {
	m := map[string]int{"a": 1}
	v := reflect.ValueOf(m)
	v.SetMapIndex(reflect.ValueOf("b"), reflect.ValueOf(2))
	fmt.Println("addressable:", v.CanAddr(), "| the map:", m)
	defer func() { fmt.Println("a nil map panics:", recover()) }()
	var none map[string]int
	reflect.ValueOf(none).SetMapIndex(reflect.ValueOf("x"), reflect.ValueOf(1))
}
