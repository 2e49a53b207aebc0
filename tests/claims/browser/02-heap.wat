(module
  (memory (export "memory") 1)
  (data (i32.const 1024) "from the heap")
  (func (export "address") (result i32) i32.const 1024)
  (func (export "load") (param i32) (result i32) local.get 0 i32.load8_u))
