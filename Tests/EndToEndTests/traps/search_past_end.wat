;; A search meets the end of memory. Before it, one that ends at the last byte must not.
;; trap: out of bounds memory access
;; frame: find
;; frame: start
(module
  (memory (export "memory") 1)
  (func $find (param $at i32) (param $byte i32) (result i32)
    (loop $next (result i32)
      (if (result i32) (i32.eq (i32.load8_u (local.get $at)) (local.get $byte))
        (then (local.get $at))
        (else
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br $next)))))
  (func $start (export "_start")
    (memory.fill (i32.const 0) (i32.const 97) (i32.const 65536))
    (i32.store8 (i32.const 65535) (i32.const 98))
    (if (i32.ne (call $find (i32.const 65449) (i32.const 98)) (i32.const 65535))
      (then (unreachable)))
    (if (i32.ne (call $find (i32.const 65535) (i32.const 98)) (i32.const 65535))
      (then (unreachable)))
    (drop (call $find (i32.const 3) (i32.const 99)))))
