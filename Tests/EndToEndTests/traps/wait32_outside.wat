;; Waiting is a function of the runtime; the address is still the guest's.
;; trap: out of bounds memory access
;; access: read of 4 bytes at address 0x10000 of memory 0, whose size is 0x10000 bytes
;; frame: wait
;; frame: start
(module
  (memory (export "memory") 1 2 shared)
  (func $wait (param i32)
    (drop (memory.atomic.wait32 offset=4 (local.get 0) (i32.const 0) (i64.const 1000))))
  (func $start (export "_start")
    (call $wait (i32.const 0xfff4))
    (call $wait (i32.const 0xfffc))))
