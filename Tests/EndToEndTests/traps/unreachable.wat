;; An instruction that is never to be reached.
;; trap: unreachable
;; frame: inner
;; frame: middle
;; frame: start
(module
  (memory (export "memory") 1)
  (func $inner (param i32) (if (local.get 0) (then unreachable)))
  (func $middle (param i32) (call $inner (local.get 0)))
  (func $start (export "_start") (call $middle (i32.const 0)) (call $middle (i32.const 1))))
