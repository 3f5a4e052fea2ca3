;; The size fits into 64 bits, and not into the address space.
;; error: memory 0 begins with 2147483648 pages of 64 KiB, which no machine has room for
(module (memory (export "memory") i64 0x80000000) (func (export "_start")))
