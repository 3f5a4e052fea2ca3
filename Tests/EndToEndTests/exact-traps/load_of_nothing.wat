;; A load whose result only feeds a computation that nobody uses.
;; trap: out of bounds memory access
;; access: read of 4 bytes at address 0xfffffff0 of memory 0, whose size is 0x10000 bytes
(module
  (memory 1)
  (func (export "_start")
    (drop (i32.add (i32.load (i32.const -16)) (i32.const 1)))))
