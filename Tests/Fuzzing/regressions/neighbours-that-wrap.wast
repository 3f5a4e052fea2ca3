;; Addresses that are a constant apart are computed from the lowest one that is accessed too. Whether
;; they wrap around then is what has to stay the same.
(module
  (memory 1)
  (data (i32.const 0) "\01\02\03\04\05\06\07\08\09\0a\0b\0c\0d\0e\0f\10")
  (data (i32.const 65532) "\21\22\23\24")
  ;; Both wrap, or none.
  (func (export "both") (param $p i32) (result i32)
    (i32.add
      (i32.load8_u (i32.add (local.get $p) (i32.const 9)))
      (i32.load8_u (i32.add (local.get $p) (i32.const 8)))))
  ;; Only one wraps if the other one traps.
  (func (export "one") (param $p i32) (result i32)
    (i32.add
      (i32.load8_u (i32.add (local.get $p) (i32.const 8)))
      (i32.load8_u (local.get $p))))
  ;; The lower one is accessed sometimes.
  (func (export "sometimes") (param $p i32) (param $lower i32) (result i32)
    (local $sum i32)
    (local.set $sum (i32.load8_u (i32.add (local.get $p) (i32.const 8))))
    (if (local.get $lower)
      (then (local.set $sum (i32.add (local.get $sum) (i32.load8_u (local.get $p))))))
    (i32.add (local.get $sum) (i32.load8_u (i32.add (local.get $p) (i32.const 9)))))
  ;; The offset of the lower one makes its address valid, or not.
  (func (export "offset") (param $p i32) (result i32)
    (i32.add
      (i32.load8_u offset=2 (local.get $p))
      (i32.load8_u (i32.add (local.get $p) (i32.const -2)))))
  ;; Stores that may meet loads.
  (func (export "swap") (param $p i32) (param $q i32) (result i32)
    (local $x i32)
    (local.set $x (i32.load8_u (i32.add (local.get $p) (i32.const 1))))
    (i32.store8 (i32.add (local.get $p) (i32.const 1)) (i32.load8_u (local.get $q)))
    (i32.store8 (local.get $q) (local.get $x))
    (i32.store8 (local.get $p) (i32.const 7))
    (i32.add
      (i32.mul (i32.const 256) (i32.load8_u (local.get $p)))
      (i32.load8_u (i32.add (local.get $p) (i32.const 1)))))
  ;; A loop of neighbours that begins before the start.
  (func (export "loop") (param $p i32) (param $n i32) (result i32)
    (local $sum i32)
    (loop $again
      (local.set $sum
        (i32.add (local.get $sum)
          (i32.add
            (i32.load8_u (i32.add (local.get $p) (i32.const 16)))
            (i32.load8_u (i32.add (local.get $p) (i32.const 17))))))
      (local.set $p (i32.add (local.get $p) (i32.const 2)))
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum)))
(assert_return (invoke "both" (i32.const 0)) (i32.const 19))
(assert_return (invoke "both" (i32.const -4)) (i32.const 11))
(assert_return (invoke "both" (i32.const -8)) (i32.const 3))
(assert_trap (invoke "both" (i32.const -9)) "out of bounds memory access")
(assert_return (invoke "one" (i32.const 0)) (i32.const 10))
(assert_trap (invoke "one" (i32.const -8)) "out of bounds memory access")
(assert_trap (invoke "one" (i32.const -1)) "out of bounds memory access")
(assert_trap (invoke "one" (i32.const 65528)) "out of bounds memory access")
(assert_return (invoke "sometimes" (i32.const -8) (i32.const 0)) (i32.const 3))
(assert_trap (invoke "sometimes" (i32.const -8) (i32.const 1)) "out of bounds memory access")
(assert_return (invoke "sometimes" (i32.const 0) (i32.const 1)) (i32.const 20))
(assert_return (invoke "offset" (i32.const 2)) (i32.const 6))
(assert_trap (invoke "offset" (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "offset" (i32.const -2)) "out of bounds memory access")
(assert_return (invoke "swap" (i32.const 4) (i32.const 8)) (i32.const 1801))
(assert_return (invoke "swap" (i32.const 4) (i32.const 5)) (i32.const 1801))
(assert_return (invoke "swap" (i32.const 4) (i32.const 4)) (i32.const 1799))
(assert_trap (invoke "swap" (i32.const -1) (i32.const 4)) "out of bounds memory access")
(assert_return (invoke "loop" (i32.const -16) (i32.const 2)) (i32.const 16))
(assert_return (invoke "loop" (i32.const 65516) (i32.const 2)) (i32.const 138))
(assert_trap (invoke "loop" (i32.const 65516) (i32.const 3)) "out of bounds memory access")
