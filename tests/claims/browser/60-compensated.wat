(module
  ;; As the article has it: (x + y) - (y + x).
  (func (export "article") (param $x f64) (param $y f64) (result f64)
    local.get $x local.get $y f64.add
    local.get $y local.get $x f64.add
    f64.sub)
  ;; What was meant: y - ((x + y) - x).
  (func (export "lost") (param $x f64) (param $y f64) (result f64)
    local.get $y
    local.get $x local.get $y f64.add local.get $x f64.sub
    f64.sub))
