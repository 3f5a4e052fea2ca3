;; A store of which a part lies behind the memory, and that part is overwritten by nothing that is reached.
;; trap: out of bounds memory access
;; access: write of 8 bytes at address 0xfffc of memory 0, whose size is 0x10000 bytes
(module
  (memory 1)
  (func (export "_start")
    (i64.store (i32.const 0xfffc) (i64.const 1)) (loop $again (br $again))))
