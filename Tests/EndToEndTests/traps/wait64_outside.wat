;; trap: out of bounds memory access
;; access: read of 8 bytes at address 0xfffffff8 of memory 0, whose size is 0x10000 bytes
;; frame: wait
;; frame: start
(module
  (memory (export "memory") 1 2 shared)
  (func $wait (param i32)
    (drop (memory.atomic.wait64 (local.get 0) (i64.const 1) (i64.const 1000))))
  (func $start (export "_start")
    (call $wait (i32.const 0xfff8))
    (call $wait (i32.const -8))))
