(module
  (func (export "signed") (param f32) (result i32)
    local.get 0 f32x4.splat i32x4.relaxed_trunc_f32x4_s i32x4.extract_lane 0)
  (func (export "unsigned") (param f32) (result i32)
    local.get 0 f32x4.splat i32x4.relaxed_trunc_f32x4_u i32x4.extract_lane 0))
