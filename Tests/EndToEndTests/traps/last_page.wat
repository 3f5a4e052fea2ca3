;; A memory without a limit can have all pages but the last one.
;; trap: integer divide by zero
;; frame: start
(module
  (memory (export "memory") 1)
  (func $start (export "_start")
    (if (i32.ne (memory.grow (i32.const 65535)) (i32.const -1)) (then (unreachable)))
    (if (i32.ne (memory.grow (i32.const 65534)) (i32.const 1)) (then (unreachable)))
    (i64.store (i32.const 0xfffefff8) (i64.const 0))
    (drop (i32.div_u (i32.const 1) (i32.load (i32.const 0xfffefff8))))))
