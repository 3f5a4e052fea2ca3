;; The size in bytes is the largest number.
;; error: memory 1 begins with 18446744073709551615 pages of one byte, which no machine has room for
(module (memory (export "memory") 1) (memory i64 0xffffffffffffffff (pagesize 1)) (func (export "_start")))
