;; Remainder of 64-bit integers by zero.
;; trap: integer divide by zero
;; frame: remainder
;; frame: start
(module
  (memory (export "memory") 1)
  (func $remainder (param i64 i64) (result i64) (i64.rem_s (local.get 0) (local.get 1)))
  (func $start (export "_start")
    (i64.store (i32.const 0) (call $remainder (i64.const 7) (i64.const -1)))
    (i64.store (i32.const 0) (call $remainder (i64.const 7) (i64.load (i32.const 8))))))
