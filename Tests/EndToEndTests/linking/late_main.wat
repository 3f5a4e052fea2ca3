(module
  (import "early" "memory" (memory 1))
  (import "early" "table" (table 2 funcref))
  (import "early" "found" (func $found (result i32)))
  (import "early" "isThere" (func $isThere (result i32)))
  (data (i32.const 0) "B")
  (elem (i32.const 1) func $found)
  (func (export "result") (result i32 i32 i32 i32)
    (call $found) (i32.load8_u (i32.const 0)) (i32.load8_u (i32.const 1)) (call $isThere)))
