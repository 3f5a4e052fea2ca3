;; A load whose result nobody uses traps all the same.
;; trap: out of bounds memory access
;; access: read of 4 bytes at address 0xfffd of memory 0, whose size is 0x10000 bytes
;; frame: start
(module
  (memory (export "memory") 1 1)
  (func $start (export "_start") (drop (i32.load (i32.const 65533)))))
