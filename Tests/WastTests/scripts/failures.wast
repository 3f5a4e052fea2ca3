;; Every command that can be wrong, wrong.
(module $m
  (func (export "i32") (result i32) (i32.const -1))
  (func (export "i64") (result i64) (i64.const 0x1_0000_0001))
  (func (export "f32") (result f32) (f32.const 1.5))
  (func (export "nan") (result f32) (f32.const -nan:0x400001))
  (func (export "signalling") (result f64) (f64.const nan:0x1))
  (func (export "v128") (result v128) (v128.const i32x4 1 2 3 4))
  (func (export "lanes") (result v128) (v128.const f32x4 nan nan:0x400001 nan:0x1 0))
  (func (export "null") (result funcref) (ref.null func))
  (func (export "function") (result funcref) (ref.func 0))
  (func (export "echo") (param externref) (result externref) (local.get 0))
  (func (export "swap") (param i32 i64) (result i64 i32) (local.get 1) (local.get 0))
  (func (export "trap") (unreachable))
  (func $deep (export "deep") (result i32) (i32.add (i32.const 1) (call $deep)))
  (func (export "access") (param i32) (result i32) (i32.load (local.get 0)))
  (memory (export "memory") 1)
  (table (export "table") 1 funcref)
  (global (export "global") i32 (i32.const 7)))
(register "m" $m)

;; These pass.
(assert_return (invoke "i32") (i32.const 0xffff_ffff))
(assert_return (invoke "f32") (f32.const 1.5))
(assert_return (invoke "nan") (f32.const nan:arithmetic))
(assert_return (invoke "v128") (v128.const i64x2 0x2_0000_0001 0x4_0000_0003))
(assert_return (invoke "null") (ref.null func))
(assert_return (invoke "function") (ref.func))
(assert_return (invoke "echo" (ref.extern 3)) (ref.extern 3))
(assert_return (invoke "swap" (i32.const 1) (i64.const 2)) (i64.const 2) (i32.const 1))
(assert_trap (invoke "access" (i32.const -1)) "out of bounds memory access")
(assert_trap (invoke "trap") "unreachable")
(assert_return (get "global") (i32.const 7))

;; These do not.
(assert_return (invoke "i32") (i32.const 1)) ;; FAILS invoke "i32": expected i32 1, but result 0 is i32 4294967295 (0xffffffff)
(assert_return (invoke "i64") (i64.const 1)) ;; FAILS invoke "i64": expected i64 1, but result 0 is i64 4294967297 (0x100000001)
(assert_return (invoke "f32") (f32.const 1)) ;; FAILS invoke "f32": expected f32 1065353216, but result 0 is f32 1069547520 (1.5)
(assert_return (invoke "nan") (f32.const nan:canonical)) ;; FAILS invoke "nan": expected f32 nan:canonical, but result 0 is f32 4290772993 (-nan(0x1))
(assert_return (invoke "f32") (f32.const nan:arithmetic)) ;; FAILS invoke "f32": expected f32 nan:arithmetic, but result 0 is f32 1069547520 (1.5)
(assert_return (invoke "signalling") (f64.const nan:arithmetic)) ;; FAILS invoke "signalling": expected f64 nan:arithmetic, but result 0 is f64 9218868437227405313 (snan(0x1))
(assert_return (invoke "v128") (v128.const i32x4 1 2 3 5)) ;; FAILS invoke "v128": expected v128 i32 1 2 3 5, but result 0 is v128 i8 01 00 00 00 02 00 00 00 03 00 00 00 04 00 00 00 (hexadecimal)
(assert_return (invoke "lanes") (v128.const f32x4 nan:canonical nan:canonical nan:arithmetic 0)) ;; FAILS invoke "lanes": expected v128 f32 nan:canonical nan:canonical nan:arithmetic 0, but result 0 is v128 i8 00 00 c0 7f 01 00 c0 7f 01 00 80 7f 00 00 00 00 (hexadecimal)
(assert_return (invoke "lanes") (v128.const f32x4 nan:canonical nan:arithmetic nan:arithmetic 0)) ;; FAILS invoke "lanes": expected v128 f32 nan:canonical nan:arithmetic nan:arithmetic 0, but result 0 is v128 i8 00 00 c0 7f 01 00 c0 7f 01 00 80 7f 00 00 00 00 (hexadecimal)
(assert_return (invoke "null") (ref.func)) ;; FAILS invoke "null": expected funcref, but result 0 is null
(assert_return (invoke "function") (ref.null func)) ;; FAILS invoke "function": expected funcref null, but result 0 is a reference
(assert_return (invoke "echo" (ref.extern 3)) (ref.extern 4)) ;; FAILS invoke "echo": expected externref 4, but result 0 is reference 3 of the host
(assert_return (invoke "echo" (ref.null extern)) (ref.extern 0)) ;; FAILS invoke "echo": expected externref 0, but result 0 is null
(assert_return (invoke "swap" (i32.const 1) (i64.const 2)) (i64.const 2) (i32.const 2)) ;; FAILS invoke "swap": expected i64 2, i32 2, but result 1 is i32 1 (0x1)
(assert_return (invoke "swap" (i32.const 1) (i64.const 2)) (i64.const 2)) ;; FAILS invoke "swap": the number of results is another one
(assert_return (invoke "i32") (either (i32.const 1) (i32.const 2))) ;; FAILS invoke "i32": expected i32 1 or i32 2, but result 0 is i32 4294967295 (0xffffffff)
(assert_return (invoke "trap")) ;; FAILS invoke "trap": expected success, but it trapped: unreachable
(invoke "trap") ;; FAILS invoke "trap": expected success, but it trapped: unreachable
(assert_return (invoke "missing")) ;; FAILS invoke "missing": there is no such export
(assert_return (invoke "global")) ;; FAILS invoke "global": the export is of another kind
(assert_return (get "global") (i32.const 8)) ;; FAILS get "global": expected i32 8, but result 0 is i32 7 (0x7)
(assert_return (get "missing") (i32.const 8)) ;; FAILS get "missing": there is no such export
(assert_trap (invoke "trap") "integer overflow") ;; FAILS invoke "trap": expected the trap "integer overflow", but it trapped: unreachable
(assert_trap (invoke "i32") "unreachable") ;; FAILS invoke "i32": expected the trap "unreachable", but it returned
(assert_exhaustion (invoke "i32") "call stack exhausted") ;; FAILS invoke "i32": expected the trap "call stack exhausted", but it returned
(assert_trap (invoke "access" (i32.const 0)) "out of bounds memory access") ;; FAILS invoke "access": expected the trap "out of bounds memory access", but it returned
(assert_malformed (module binary "\00asm" "\01\00\00\00") "magic header not detected") ;; FAILS the module was accepted, expected "magic header not detected"
(assert_malformed (module quote "(func)") "unexpected token") ;; FAILS the module was accepted, expected "unexpected token"
(assert_invalid (module) "type mismatch") ;; FAILS the module was accepted, expected "type mismatch"
(assert_unlinkable (module) "unknown import") ;; FAILS the module can be linked, expected "unknown import"
(assert_unlinkable (module (import "m" "memory" (memory 1))) "incompatible import type") ;; FAILS module: expected "incompatible import type", but it returned
(assert_unlinkable (module (import "m" "memory" (memory 2))) "unknown import") ;; FAILS module: expected "unknown import", but it cannot be linked: incompatible import type
(assert_unlinkable (module (import "m" "i32" (func))) "unknown import") ;; FAILS expected "unknown import", found "incompatible import type"
(assert_trap (module) "unreachable") ;; FAILS module: expected the trap "unreachable", but it returned
(assert_trap (module (import "m" "trap" (func $f)) (start $f)) "integer overflow") ;; FAILS module: expected the trap "integer overflow", but it trapped: unreachable
(module (import "m" "memory" (memory 2))) ;; FAILS module: expected success, but it cannot be linked: incompatible import type
(assert_return (invoke "anything")) ;; FAILS invoke "anything": there is no such export
(module (import "m" "table" (table 2 funcref))) ;; FAILS module: expected success, but it cannot be linked: incompatible import type
(module (import "m" "trap" (func $f)) (start $f)) ;; FAILS module: expected success, but it trapped: unreachable
(module $broken (import "m" "nothing" (func))) ;; FAILS the module cannot be linked: unknown import
(register "broken" $broken) ;; FAILS there is no such instance
(module (import "broken" "f" (func))) ;; FAILS the module cannot be linked: unknown import
