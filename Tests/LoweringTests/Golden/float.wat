;; Operations that LLVM would fold to an operand must still make a signalling NaN quiet.
(module
  (func $times_one (param f64) (result f64) (f64.mul (local.get 0) (f64.const 1)))
  (func $times_two (param f64) (result f64) (f64.mul (local.get 0) (f64.const 2)))
  (func $minus_zero (param f32) (result f32) (f32.sub (local.get 0) (f32.const 0)))
  (func $demote_promote (param f32) (result f32)
    (f32.demote_f64 (f64.promote_f32 (local.get 0))))
  (func $minimum (param f64 f64) (result f64) (f64.min (local.get 0) (local.get 1)))
  (func $nearest (param f32) (result f32) (f32.nearest (local.get 0)))
  (func $not_equal (param f32 f32) (result i32) (f32.ne (local.get 0) (local.get 1)))
  (func $truncate (param f64) (result i32) (i32.trunc_f64_s (local.get 0)))
  (func $truncate_unsigned (param f32) (result i64) (i64.trunc_f32_u (local.get 0)))
  (func $saturate (param f32) (result i32) (i32.trunc_sat_f32_u (local.get 0))))
