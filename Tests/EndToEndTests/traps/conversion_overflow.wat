;; A number that is too large for an integer.
;; trap: integer overflow
;; frame: convert
;; frame: start
(module
  (memory (export "memory") 1)
  (func $convert (param f32) (result i64) (i64.trunc_f32_u (local.get 0)))
  (func $start (export "_start")
    (i64.store (i32.const 0) (call $convert (f32.const -0.5)))
    (i64.store (i32.const 0) (call $convert (f32.const 18446744073709551616)))))
