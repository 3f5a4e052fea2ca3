;; The sum of address, offset and size is a small number in 64 bits.
;; trap: out of bounds memory access
(module
  (memory (export "memory") 1)
  (memory $long i64 1)
  (func (export "_start")
    (i64.store $long offset=16 (i64.const -16) (i64.const 1))))
