;; A load of which one byte is used.
;; trap: out of bounds memory access
;; access: read of 8 bytes at address 0xfffc of memory 0, whose size is 0x10000 bytes
(module
  (memory 1)
  (func (export "_start")
    (i32.store8 (i32.const 0) (i32.wrap_i64 (i64.load (i32.const 0xfffc))))))
