;; One byte past the end of memory.
;; trap: out of bounds memory access
;; access: read of 1 byte at address 0x10000 of memory 0, whose size is 0x10000 bytes
;; frame: read
;; frame: outer
;; frame: start
(module
  (memory (export "memory") 1)
  (func $read (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func $outer (param i32) (result i32) (i32.add (call $read (local.get 0)) (i32.const 1)))
  (func $start (export "_start")
    ;; The last byte is fine, the one behind it is not.
    (drop (call $read (i32.const 65535)))
    (i32.store (i32.const 0) (call $outer (i32.const 65536)))))
