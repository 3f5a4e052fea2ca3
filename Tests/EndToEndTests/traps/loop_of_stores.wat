;; A loop that may become a call of memset, whose fault is the guest's.
;; trap: out of bounds memory access
(module
  (memory (export "memory") 1)
  (data (i32.const 16) "\dc\ff\00\00" "\e8\03\00\00")
  (func $fill (param $at i32) (param $count i32)
    (local $i i32)
    (loop $again
      (i32.store8 (i32.add (local.get $at) (local.get $i)) (i32.const 7))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (local.get $count))))
    (i32.store (i32.const 0) (local.get $i)))
  (func (export "_start")
    (call $fill (i32.load (i32.const 16)) (i32.load (i32.const 20)))))
