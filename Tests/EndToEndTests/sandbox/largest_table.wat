;; The size in bytes does not fit into 64 bits.
;; error: table 0 has more than 10000000 elements
(module (table i64 0xffffffffffffffff funcref) (func (export "_start")))
