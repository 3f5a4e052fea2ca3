;; Reading a table beyond its end.
;; trap: out of bounds table access
;; frame: get
;; frame: start
(module
  (memory (export "memory") 1)
  (table $t 4 funcref)
  (func $get (param i32) (result i32) (ref.is_null (table.get $t (local.get 0))))
  (func $start (export "_start")
    (i32.store (i32.const 0) (call $get (i32.const 3)))
    (i32.store (i32.const 0) (call $get (i32.const 4)))))
