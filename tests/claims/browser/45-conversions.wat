(module
  (func (export "trap") (param f32) (result i32) local.get 0 i32.trunc_f32_s)
  (func (export "saturate") (param f32) (result i32) local.get 0 i32.trunc_sat_f32_s)
  (func (export "lanes") (param f32) (result i32)
    local.get 0 f32x4.splat i32x4.trunc_sat_f32x4_s i32x4.extract_lane 0)
  (func (export "out") (param i32) (result f32) local.get 0 f32.convert_i32_s)
  (func (export "out_lanes") (param i32) (result f32)
    local.get 0 i32x4.splat f32x4.convert_i32x4_s f32x4.extract_lane 0))
