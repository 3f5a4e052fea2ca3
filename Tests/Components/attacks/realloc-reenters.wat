;; Memory is being allocated: nothing may be called, not through a table either.
;; trap: cannot leave component instance
(component
  (component $A
    (core module $m (func (export "g")))
    (core instance $i (instantiate $m))
    (func (export "g") (canon lift (core func $i "g"))))
  (component $B
    (import "g" (func $g))
    (core func $g (canon lower (func $g)))
    (core module $m
      (import "" "g" (func $g))
      (memory (export "mem") 1)
      (table 1 funcref) (elem (i32.const 0) func $g)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (call_indirect (i32.const 0)) (i32.const 64))
      (func (export "f") (param i32 i32)))
    (core instance $i (instantiate $m (with "" (instance (export "g" (func $g))))))
    (func (export "f") (param "s" string)
      (canon lift (core func $i "f") (memory (core memory $i "mem")) (realloc (core func $i "realloc")))))
  (instance $a (instantiate $A))
  (instance $b (instantiate $B (with "g" (func $a "g"))))
  (core module $libc (memory (export "mem") 1))
  (core instance $l (instantiate $libc))
  (core func $f (canon lower (func $b "f") (memory (core memory $l "mem"))))
  (core module $n (import "" "f" (func $f (param i32 i32)))
    (func (export "run") (result i32) (call $f (i32.const 0) (i32.const 3)) i32.const 0))
  (core instance $j (instantiate $n (with "" (instance (export "f" (func $f))))))
  (func $run (result (result)) (canon lift (core func $j "run")))
  (instance $r (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $r)))
