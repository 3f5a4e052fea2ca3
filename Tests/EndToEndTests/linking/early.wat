;; Its start function remembers what it finds in memory and table, and writes there.
(module
  (memory (export "memory") 1)
  (table (export "table") 2 funcref)
  (global $found (mut i32) (i32.const 9))
  (func $start
    (global.set $found (i32.load8_u (i32.const 0)))
    (i32.store8 (i32.const 0) (i32.const 65))
    (i32.store8 (i32.const 1) (i32.const 7)))
  (start $start)
  (func (export "found") (result i32) (global.get $found))
  (func (export "isThere") (result i32) (i32.eqz (ref.is_null (table.get (i32.const 1))))))
