;; A function that calls itself for ever.
;; trap: call stack exhausted
;; frame: again
;; frame: again
;; frame: again
(module
  (memory (export "memory") 1)
  (func $again (param i32) (result i32)
    (i32.add
      (call $again (i32.add (local.get 0) (i32.load (local.get 0))))
      (i32.load (i32.const 4))))
  (func $start (export "_start") (i32.store (i32.const 0) (call $again (i32.const 0)))))
