;; Division of integers by zero.
;; trap: integer divide by zero
;; frame: divide
;; frame: start
(module
  (memory (export "memory") 1)
  (func $divide (param i32 i32) (result i32) (i32.div_u (local.get 0) (local.get 1)))
  (func $start (export "_start")
    (i32.store (i32.const 0) (call $divide (i32.const 7) (i32.load (i32.const 8))))))
