;; Not a number is no integer.
;; trap: invalid conversion to integer
;; frame: convert
;; frame: start
(module
  (memory (export "memory") 1)
  (func $convert (param f64) (result i32) (i32.trunc_f64_s (local.get 0)))
  (func $start (export "_start")
    (i32.store (i32.const 0) (call $convert (f64.const -2147483648.9)))
    (i32.store (i32.const 0) (call $convert (f64.const nan)))))
