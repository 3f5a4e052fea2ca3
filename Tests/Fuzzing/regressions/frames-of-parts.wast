;; A function that is given arguments on the stack, does not use them, and needs a frame in one of
;; its parts only: LLVM 22 for AArch64 returned from the other part without giving their place back.
(module
  (type $many (func (param i64 i64 i64 i64 i64 i64 i64 i64 i64 i64) (result i64)))
  (memory 1)
  ;; Somebody else could change it, so nobody knows what is called.
  (table (export "table") 1 funcref)
  (elem (i32.const 0) $part)
  (func $part (type $many)
    (if (i64.eqz (local.get 0)) (then (return (local.get 2))))
    (i64.add
      (i64.add (local.get 3) (i64.extend_i32_u (memory.grow (i32.const 1))))
      (i64.extend_i32_u (memory.grow (i32.wrap_i64 (local.get 1))))))
  (func $call (export "call") (type $many)
    (call_indirect (type $many)
      (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4) (local.get 5)
      (local.get 6) (local.get 7) (local.get 8) (local.get 9) (i32.const 0)))
  (func (export "often") (param i64) (result i64)
    (local $sum i64)
    (loop $again
      (local.set $sum (i64.add (local.get $sum)
        (call_indirect (type $many)
          (i64.const 0) (local.get 0) (i64.const 2) (i64.const 3) (i64.const 4) (i64.const 5)
          (i64.const 6) (i64.const 7) (i64.const 8) (i64.const 9) (i32.const 0))))
      (br_if $again (i64.ne (i64.const 0)
        (local.tee 0 (i64.sub (local.get 0) (i64.const 1))))))
    (local.get $sum))
  ;; Tail calls, so that the convention is theirs.
  (func (export "last") (type $many)
    (return_call_indirect (type $many)
      (local.get 9) (local.get 8) (local.get 7) (local.get 6) (local.get 5) (local.get 4)
      (local.get 3) (local.get 2) (local.get 1) (local.get 0) (i32.const 0))))

(assert_return (invoke "call" (i64.const 0) (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4)
  (i64.const 5) (i64.const 6) (i64.const 7) (i64.const 8) (i64.const 9)) (i64.const 2))
(assert_return (invoke "call" (i64.const 1) (i64.const 0) (i64.const 2) (i64.const 3) (i64.const 4)
  (i64.const 5) (i64.const 6) (i64.const 7) (i64.const 8) (i64.const 9)) (i64.const 6))
(assert_return (invoke "often" (i64.const 1000)) (i64.const 2000))
(assert_return (invoke "last" (i64.const 9) (i64.const 8) (i64.const 7) (i64.const 6)
  (i64.const 5) (i64.const 4) (i64.const 3) (i64.const 2) (i64.const 1) (i64.const 0))
  (i64.const 2))
