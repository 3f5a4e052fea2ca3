;; A store that begins inside memory and ends one byte past its end, after growing.
;; trap: out of bounds memory access
;; access: write of 8 bytes at address 0x2fff9 of memory 0, whose size is 0x30000 bytes
;; frame: write
;; frame: start
(module
  (memory (export "memory") 1)
  (func $write (param i32) (i64.store (local.get 0) (i64.const -1)))
  (func $start (export "_start")
    (drop (memory.grow (i32.const 2)))
    (call $write (i32.const 196600))
    (call $write (i32.const 196601))))
