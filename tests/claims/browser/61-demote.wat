(module
  (func (export "trunc") (param f32) (result f32) local.get 0 f32.trunc)
  (func (export "demote") (param f64) (result f32) local.get 0 f32.demote_f64))
