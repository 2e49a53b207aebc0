(module
  (memory i64 1)
  (func (export "byte") (param i64) (result i32) local.get 0 i32.load8_u))
