;; Constant offsets that have no room in an instruction beside the memory's own address.
;; trap: out of bounds memory access
(module
  (memory (export "memory") 1 1)
  (func $load (param i32) (result i32)
    (i32.add
      (i32.load offset=16777217 (local.get 0))
      (i32.add
        (i32.load offset=0x6fffffff (local.get 0))
        (i32.add
          (i32.load offset=0x7fffffef (local.get 0))
          (i32.load offset=0x80000000 (local.get 0))))))
  (func (export "_start") (i32.store (i32.const 0) (call $load (i32.load (i32.const 4))))))
