;; A resource of the host as a number: its type is compared, with stubs, too.
;; options: --stub-imports
;; refused: the import wasi:io/poll#poll does not fit
(component
  (import "wasi:io/poll@0.2.0" (instance $p
    (export "poll" (func (param "in" (list u32)) (result (list u32))))))
  (core module $m
    (import "p" "poll" (func $poll (param i32 i32 i32)))
    (memory (export "mem") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) i32.const 1024)
    (func (export "run") (result i32)
      (i32.store (i32.const 16) (i32.const 1))
      (call $poll (i32.const 16) (i32.const 1) (i32.const 32))
      i32.const 0))
  (core module $libc (memory (export "mem") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) i32.const 1024))
  (core instance $l (instantiate $libc))
  (core func $poll (canon lower (func $p "poll") (memory (core memory $l "mem")) (realloc (core func $l "realloc"))))
  (core instance $i (instantiate $m (with "p" (instance (export "poll" (func $poll))))))
  (func $run (result (result)) (canon lift (core func $i "run")))
  (instance $r (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $r)))
