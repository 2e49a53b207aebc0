(module
  (memory (export "memory") 1)
  (func (export "byte") (param i32) (result i32) local.get 0 i32.load8_u)
  (func (export "byte_behind") (param i32) (result i32) local.get 0 i32.load8_u offset=1)
  (func (export "word") (param i32) (result i32) local.get 0 i32.load)
  (func (export "store") (param i32 i32) local.get 0 local.get 1 i32.store))
