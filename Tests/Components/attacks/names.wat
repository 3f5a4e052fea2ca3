;; Names that look the same and are not.
;; trap: none
(component
  (core module $m
    (func (export "\u{e9}") (result i32) i32.const 1)
    (func (export "e\u{301}") (result i32) i32.const 0))
  (core instance $i (instantiate $m))
  (core instance $b (export "e\u{301}" (func $i "\u{e9}")) (export "\u{e9}" (func $i "e\u{301}")))
  (core module $n
    (import "" "\u{e9}" (func $zero (result i32)))
    (import "" "e\u{301}" (func $one (result i32)))
    (func (export "run") (result i32)
      (if (i32.ne (call $zero) (i32.const 0)) (then unreachable))
      (if (i32.ne (call $one) (i32.const 1)) (then unreachable))
      i32.const 0))
  (core instance $j (instantiate $n (with "" (instance $b))))
  (func $run (result (result)) (canon lift (core func $j "run")))
  (instance $r (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $r)))
