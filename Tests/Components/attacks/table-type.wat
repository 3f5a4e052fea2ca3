;; A call through a table whose entry has a type of the same form, of another group.
;; trap: indirect call type mismatch
(component
  (core module $shim
    (type $f (func (result i32)))
    (rec (type $g (func (result i32))) (type $h (func (param i32))))
    (table (export "t") 2 funcref)
    (func (export "0") (type $g) (call_indirect (type $g) (i32.const 0))))
  (core instance $s (instantiate $shim))
  (core module $main
    (import "" "0" (func $zero (result i32)))
    (func (export "x") (result i32) i32.const 0)
    (func (export "run") (result i32) (drop (call $zero)) i32.const 0))
  (core module $x (func (export "x") (result i32) i32.const 0))
  (core instance $xi (instantiate $x))
  (core module $user
    (rec (type $g (func (result i32))) (type $h (func (param i32))))
    (import "" "0" (func $zero (type $g)))
    (func (export "run") (result i32) (drop (call $zero)) i32.const 0))
  (core instance $j (instantiate $user (with "" (instance $s))))
  (core module $fix (import "" "t" (table 2 funcref)) (import "" "x" (func $x (result i32))) (elem (i32.const 0) func $x))
  (core instance (instantiate $fix (with "" (instance (export "t" (table $s "t")) (export "x" (func $xi "x"))))))
  (func $run (result (result)) (canon lift (core func $j "run")))
  (instance $r (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $r)))
