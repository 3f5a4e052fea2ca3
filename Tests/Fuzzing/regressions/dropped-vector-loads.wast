;; A dropped load traps like any other, also one whose value is put into a vector.
(module
  (memory 1)
  (func (export "splat") (param i32) (drop (v128.load32_splat (local.get 0))))
  (func (export "zero") (param i32) (drop (v128.load64_zero (local.get 0))))
  (func (export "extend") (param i32) (drop (v128.load8x8_u (local.get 0))))
  (func (export "lane") (param i32 v128)
    (drop (v128.load16_lane 3 (local.get 0) (local.get 1)))))
(assert_trap (invoke "splat" (i32.const -1)) "out of bounds memory access")
(assert_trap (invoke "zero" (i32.const 65536)) "out of bounds memory access")
(assert_trap (invoke "extend" (i32.const 65529)) "out of bounds memory access")
(assert_trap (invoke "lane" (i32.const 65535) (v128.const i64x2 0 0))
  "out of bounds memory access")
(assert_return (invoke "splat" (i32.const 65532)))
