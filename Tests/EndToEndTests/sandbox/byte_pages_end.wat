;; Behind the last byte there is nothing, though the page goes on.
;; trap: out of bounds memory access
(module
  (memory (export "memory") 40000 60000 (pagesize 1))
  (func (export "_start") (i32.store8 (i32.const 40000) (i32.const 1))))
