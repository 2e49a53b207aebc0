(module
  (import "env" "call" (func $call))
  (start $call))
