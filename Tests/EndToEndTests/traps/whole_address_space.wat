;; A memory that may have all pages gets them, and its last bytes are followed by its first ones.
;; That everything was right shows in the trap.
;; trap: integer divide by zero
;; frame: start
(module
  (memory (export "memory") 1 65536)
  (func $around (param $at i32) (result i64)
    (i64.store (local.get $at) (i64.const 3))
    (i64.store (i32.add (local.get $at) (i32.const 8)) (i64.const 4))
    (i64.add
      (i64.load (local.get $at))
      (i64.load (i32.add (local.get $at) (i32.const 8)))))
  (func $start (export "_start")
    (if (i32.ne (memory.grow (i32.const 65535)) (i32.const 1)) (then (unreachable)))
    (i64.store (i32.const 16) (i64.const -8))
    (if (i64.ne (call $around (i32.load (i32.const 16))) (i64.const 7)) (then (unreachable)))
    (if (i64.ne (i64.load (i32.const 0)) (i64.const 4)) (then (unreachable)))
    (drop (i32.div_u (i32.const 1) (i32.load (i32.const 32))))))
