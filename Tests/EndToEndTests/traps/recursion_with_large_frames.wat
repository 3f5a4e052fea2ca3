;; Endless recursion through an indirect call, with many values alive.
;; trap: call stack exhausted
;; frame: again
;; frame: again
(module
  (memory (export "memory") 1)
  (type $function (func (param i64 i64 i64 i64 i64 i64 i64 i64 i64 i64) (result i64)))
  (table 1 funcref)
  (elem (i32.const 0) $again)
  (func $again (type $function)
    (call_indirect (type $function)
      (local.get 9) (local.get 0) (local.get 1) (local.get 2) (local.get 3)
      (local.get 4) (local.get 5) (local.get 6) (local.get 7) (local.get 8)
      (i32.load (i32.const 0)))
    (i64.add (local.get 3))
    (i64.xor (local.get 7)))
  (func $start (export "_start")
    (i64.store (i32.const 8)
      (call $again (i64.const 0) (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4)
        (i64.const 5) (i64.const 6) (i64.const 7) (i64.const 8) (i64.const 9)))))
