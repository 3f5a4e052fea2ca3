;; A store that another trap follows.
;; trap: out of bounds memory access
;; access: write of 4 bytes at address 0xfffffff0 of memory 0, whose size is 0x10000 bytes
(module
  (memory 1)
  (func (export "_start")
    (i32.store (i32.const -16) (i32.const 1)) unreachable))
