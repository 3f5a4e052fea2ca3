;; Products in 64 bits, of which the low half of a factor alone is a power of two: their addresses
;; are checked, and the access must go where the check looked.

(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory $small (export "memory") 1)
  (memory $wide i64 1)
  (data (memory $wide) (i64.const 16) "\10\11\12\13\14\15\16\17")

  (func $mul (param i64) (result i64)
    (i64.load $wide (i64.mul (local.get 0) (i64.const 0x100000008))))
  (func $shl (param i64) (result i64)
    (i64.load $wide (i64.shl (local.get 0) (i64.const 3))))
  (func $mask (param i64) (result i64)
    (i64.load $wide (i64.and (i64.shl (local.get 0) (i64.const 3)) (i64.const 0xffffffff))))

  ;; Zero, which the compiler does not know.
  (func $zero (result i64)
    (i64.load $small (i32.const 1024)))
  (func $check (param $number i32) (param $got i64)
    (if (i64.ne (local.get $got) (i64.const 0x1716151413121110))
      (then (call $exit (local.get $number)))))

  (func (export "_start")
    (call $check (i32.const 1) (call $mul (i64.add (call $zero) (i64.const 0x7ffffffc0000002))))
    (call $check (i32.const 2) (call $shl (i64.add (call $zero) (i64.const 0xe000000000000002))))
    (call $check (i32.const 3) (call $mask (i64.add (call $zero) (i64.const 0xe0000000e0000002))))
    (call $exit (i32.const 42)))
)
