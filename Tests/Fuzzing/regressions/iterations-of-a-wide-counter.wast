;; How often this loop runs is a division of 65 bits, which LLVM leaves to a function.
(module
  (func (export "last") (param $i i64) (param $bound i64) (result i32) (local $last i32)
    (loop $loop
      (local.set $last (i32.wrap_i64 (local.get $i)))
      (local.set $i (i64.add (local.get $i) (i64.const 520)))
      (br_if $loop (i64.le_u (local.get $i) (local.get $bound))))
    (local.get $last)))
(assert_return (invoke "last" (i64.const 1) (i64.const 0)) (i32.const 1))
(assert_return (invoke "last" (i64.const 1) (i64.const 1041)) (i32.const 1041))
(assert_return (invoke "last" (i64.const 2) (i64.const 1041)) (i32.const 522))
