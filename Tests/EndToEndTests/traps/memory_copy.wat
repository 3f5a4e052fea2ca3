;; A copy that does not fit.
;; trap: out of bounds memory access
;; frame: copy
;; frame: start
(module
  (memory (export "memory") 1)
  (func $copy (param i32) (memory.copy (i32.const 0) (local.get 0) (i32.const 100)))
  (func $start (export "_start")
    (call $copy (i32.const 65436))
    (call $copy (i32.const 65437))))
