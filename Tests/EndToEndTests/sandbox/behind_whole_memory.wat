;; The last address, and a value that is longer than one byte.
;; trap: out of bounds memory access
(module
  (memory (export "memory") 65536)
  (func (export "_start") (i32.store (i32.const -1) (i32.const 5))))
