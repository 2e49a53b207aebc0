;; Accepted.
(module (func (param v128) (result v128) local.get 0 i32x4.trunc_sat_f32x4_s))
