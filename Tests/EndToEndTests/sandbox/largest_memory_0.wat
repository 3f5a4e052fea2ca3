;; The same for the memory in the image, where sizes are rounded up.
;; error: memory 0 begins with 18446744073709551615 pages of one byte, which no machine has room for
(module (memory (export "memory") i64 0xffffffffffffffff (pagesize 1)) (func (export "_start")))
