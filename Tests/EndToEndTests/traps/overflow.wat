;; The one quotient that does not fit. The remainder is fine: it is zero.
;; trap: integer overflow
;; frame: divide
;; frame: start
(module
  (memory (export "memory") 1)
  (func $divide (param i64 i64) (result i64) (i64.div_s (local.get 0) (local.get 1)))
  (func $start (export "_start")
    (i64.store (i32.const 0) (i64.rem_s (i64.const -0x8000000000000000) (i64.const -1)))
    (i64.store (i32.const 0) (call $divide (i64.const -0x8000000000000000) (i64.const -1)))))
