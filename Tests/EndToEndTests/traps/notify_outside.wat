;; trap: out of bounds memory access
;; access: read of 4 bytes at address 0x10000 of memory 0, whose size is 0x10000 bytes
;; frame: notify
;; frame: start
(module
  (memory (export "memory") 1)
  (func $notify (param i32) (drop (memory.atomic.notify (local.get 0) (i32.const 1))))
  (func $start (export "_start")
    (call $notify (i32.const 0xfffc))
    (call $notify (i32.const 0x10000))))
