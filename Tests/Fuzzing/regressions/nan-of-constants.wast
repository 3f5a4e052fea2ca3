;; Arithmetic quiets NaNs, also where the optimiser knows an operand that leaves the other one as
;; it is: x + -0, -0 - x, and the addition that minimum and maximum are made with.
(module
  (func (export "min") (result f32) (f32.min (f32.const nan:0x1) (f32.const -0)))
  (func (export "max") (result f64) (f64.max (f64.const -0) (f64.const nan:0x1)))
  (func (export "add") (result v128)
    (f32x4.add (v128.const f32x4 nan:0x1 1 nan:0x1 2) (v128.const f32x4 -0 -0 -0 -0)))
  (func (export "subtract") (param v128) (result v128)
    (f64x2.sub (v128.const f64x2 -0 -0) (local.get 0)))
  (func (export "minimum") (param v128) (result v128)
    (f32x4.min (local.get 0) (v128.const f32x4 -0 -0 -0 -0))))
(assert_return (invoke "min") (f32.const nan:arithmetic))
(assert_return (invoke "max") (f64.const nan:arithmetic))
(assert_return (invoke "add") (v128.const f32x4 nan:arithmetic 1 nan:arithmetic 2))
(assert_return (invoke "subtract" (v128.const f64x2 nan:0x1 1))
  (v128.const f64x2 nan:arithmetic -1))
(assert_return (invoke "minimum" (v128.const f32x4 nan:0x1 1 nan:0x1 -2))
  (v128.const f32x4 nan:arithmetic -0 nan:arithmetic -2))
