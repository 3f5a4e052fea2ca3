;; A memory of 32-bit addresses and one-byte pages never has 2^32 of them: memory.size would say 0.
(module
  (memory 0xffff_fff0 (pagesize 1))
  (func (export "size") (result i32) (memory.size))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))
(assert_return (invoke "grow" (i32.const 16)) (i32.const -1))
(assert_return (invoke "size") (i32.const 0xffff_fff0))
