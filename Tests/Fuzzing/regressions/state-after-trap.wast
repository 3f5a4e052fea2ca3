;; What was stored before a trap is there after it, for whoever looks at the instance then.
(module
  (global $count (export "count") (mut i32) (i32.const 0))
  (memory (export "memory") 1)
  (func (export "loop")
    (loop $next
      (global.set $count (i32.add (global.get $count) (i32.const 1)))
      (i32.store (i32.const 8) (global.get $count))
      (if (i32.eq (global.get $count) (i32.const 10)) (then (unreachable)))
      (br $next)))
  (func (export "divide") (param i32) (result i32)
    (global.set $count (i32.const 77))
    (i32.div_u (i32.const 1) (local.get 0)))
  (func (export "stored") (result i32) (i32.load (i32.const 8))))
(assert_trap (invoke "loop") "unreachable")
(assert_return (get "count") (i32.const 10))
(assert_return (invoke "stored") (i32.const 10))
(assert_trap (invoke "divide" (i32.const 0)) "integer divide by zero")
(assert_return (get "count") (i32.const 77))
