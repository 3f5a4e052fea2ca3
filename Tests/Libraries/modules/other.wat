;; A second module in the same process as the first one, with functions of the same names.
(module
  (memory (export "memory") 1)
  (func $add (export "add") (param i32 i32) (result i32)
    (i32.add (i32.add (local.get 0) (local.get 1)) (i32.const 1000)))
  (func (export "trap") (i32.store (i32.const -4) (i32.const 1)))
  (func $start (i32.store (i32.const 0) (i32.const 99)))
  (start $start)
  (func (export "load") (param i32) (result i32) (i32.load (local.get 0))))
