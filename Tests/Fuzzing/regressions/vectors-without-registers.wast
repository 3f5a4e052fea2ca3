;; Vectors among the arguments that have no registers, 8 modulo 16 bytes of these in all: in LLVM's
;; convention for tail calls the caller made room for 40 bytes on the stack of x86-64, and the callee
;; gave back 24, so that the caller returned to an address that the module could choose.
(module
  (type $t (func (param f64 f32 f64 v128 f64 v128 f32 v128 v128 f64) (result f64)))
  (global $r (mut (ref null $t)) (ref.func $f))
  (table (export "table") 2 funcref)
  (elem (i32.const 0) $f $g)
  (func $f (export "f") (type $t)
    (f64.add (f64.add (local.get 9) (local.get 2))
      (f64.convert_i32_s (i32.add
        (i32x4.extract_lane 3 (local.get 8)) (i32x4.extract_lane 0 (local.get 7))))))
  (func $g (export "g") (type $t)
    (return_call $f
      (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4)
      (local.get 5) (local.get 6) (local.get 7) (local.get 8) (local.get 9)))
  (func $h (export "h") (type $t)
    (return_call_ref $t
      (local.get 9) (local.get 6) (local.get 4) (local.get 8) (local.get 2)
      (local.get 7) (local.get 1) (local.get 5) (local.get 3) (local.get 0) (global.get $r)))
  (func (export "often") (param $n i32) (result f64)
    (local $sum f64)
    (loop $again
      (local.set $sum (f64.add (local.get $sum) (call_indirect (type $t)
        (f64.const 0) (f32.const 1) (f64.const 2) (v128.const i32x4 3 2 3 4) (f64.const 4)
        (v128.const i32x4 5 2 3 4) (f32.const 6) (v128.const i32x4 7 2 3 4)
        (v128.const i32x4 8 2 3 9) (f64.const 10)
        (i32.and (local.get $n) (i32.const 1)))))
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum)))

(assert_return (invoke "f" (f64.const 0) (f32.const 1) (f64.const 2) (v128.const i32x4 3 2 3 4) (f64.const 4)
  (v128.const i32x4 5 2 3 4) (f32.const 6) (v128.const i32x4 7 2 3 4)
  (v128.const i32x4 8 2 3 9) (f64.const 10)) (f64.const 28))
(assert_return (invoke "g" (f64.const 0) (f32.const 1) (f64.const 2) (v128.const i32x4 3 2 3 4) (f64.const 4)
  (v128.const i32x4 5 2 3 4) (f32.const 6) (v128.const i32x4 7 2 3 4)
  (v128.const i32x4 8 2 3 9) (f64.const 10)) (f64.const 28))
(assert_return (invoke "h" (f64.const 0) (f32.const 1) (f64.const 2) (v128.const i32x4 3 2 3 4) (f64.const 4)
  (v128.const i32x4 5 2 3 4) (f32.const 6) (v128.const i32x4 7 2 3 4)
  (v128.const i32x4 8 2 3 9) (f64.const 10)) (f64.const 13))
(assert_return (invoke "often" (i32.const 1000)) (f64.const 28000))
