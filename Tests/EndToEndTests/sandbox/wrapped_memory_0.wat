;; The size in bytes is 2^64 for memory 0, too.
;; error: memory 0 begins with 281474976710656 pages of 64 KiB, which no machine has room for
(module (memory (export "memory") i64 0x1000000000000) (func (export "_start")))
