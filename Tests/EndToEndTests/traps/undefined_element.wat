;; An indirect call beyond the end of the table.
;; trap: undefined element
;; frame: call
;; frame: start
(module
  (memory (export "memory") 1)
  (type $function (func (result i32)))
  (table 4 funcref)
  (func $call (param i32) (result i32) (call_indirect (type $function) (local.get 0)))
  (func $start (export "_start")
    (i32.store (i32.const 0) (call $call (i32.const 4)))))
