;; An exception out of realloc must not get to the caller.
;; trap: an exception reached the border of a component
(component
  (component $B
    (core module $m
      (tag $t)
      (memory (export "mem") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (throw $t))
      (func (export "f") (param i32 i32)))
    (core instance $i (instantiate $m))
    (func (export "f") (param "s" string) (canon lift (core func $i "f") (memory (core memory $i "mem")) (realloc (core func $i "realloc")))))
  (instance $b (instantiate $B))
  (core module $libc (memory (export "mem") 1))
  (core instance $l (instantiate $libc))
  (core func $f (canon lower (func $b "f") (memory (core memory $l "mem"))))
  (core module $n
    (import "" "f" (func $f (param i32 i32)))
    (func (export "run") (result i32)
      (block $c (try_table (catch_all $c) (call $f (i32.const 0) (i32.const 3))))
      i32.const 0))
  (core instance $j (instantiate $n (with "" (instance (export "f" (func $f))))))
  (func $run (result (result)) (canon lift (core func $j "run")))
  (instance $r (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $r)))
