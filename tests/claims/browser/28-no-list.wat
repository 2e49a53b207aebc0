(module
  (import "js" "eval" (func $eval (param externref) (result externref)))
  (import "js" "set" (func $set (param externref externref externref) (result i32)))
  (export "eval" (func $eval))
  (func (export "write") (param externref externref externref) (result i32)
    local.get 0 local.get 1 local.get 2 call $set))
