;; Two traps: the first one counts.
;; trap: out of bounds memory access
;; access: read of 4 bytes at address 0xfffffff0 of memory 0, whose size is 0x10000 bytes
(module
  (memory 1)
  (func (export "_start")
    (drop (i32.div_u (i32.load (i32.const -16)) (i32.load (i32.const 8))))))
