;; Of two neighbours one lies at the start of the memory and the other one far behind its end.
;; trap: out of bounds memory access
(module
  (memory (export "memory") 1)
  (func $copy (param $at i32)
    (i64.store (i32.add (local.get $at) (i32.const 8)) (i64.const 1))
    (i64.store (i32.const 64) (i64.load (local.get $at))))
  (func $start (export "_start")
    (i32.store (i32.const 32) (i32.const -4))
    (call $copy (i32.load (i32.const 32)))))
