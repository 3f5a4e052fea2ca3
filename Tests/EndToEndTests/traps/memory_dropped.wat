;; A load whose result nobody uses traps all the same.
;; trap: out of bounds memory access
;; frame: start
(module
  (memory (export "memory") 1 1)
  (func $start (export "_start") (drop (i32.load (i32.const 65533)))))
