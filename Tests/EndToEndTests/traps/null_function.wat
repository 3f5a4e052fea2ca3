;; An indirect call through an element that was never set.
;; trap: uninitialized element
;; frame: call
;; frame: start
(module
  (memory (export "memory") 1)
  (type $function (func (result i32)))
  (table 4 funcref)
  (elem (i32.const 0) $one)
  (func $one (result i32) (i32.const 1))
  (func $call (param i32) (result i32) (call_indirect (type $function) (local.get 0)))
  (func $start (export "_start")
    (i32.store (i32.const 0) (call $call (i32.const 0)))
    (i32.store (i32.const 0) (call $call (i32.const 2)))))
