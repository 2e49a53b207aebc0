(module
  (func (export "sum") (param f32) (result f32)
    local.get 0 f32x4.splat local.get 0 f32x4.splat f32x4.add f32x4.extract_lane 3))
