;; A memory 0 with 64-bit addresses, twice as large as 32-bit ones could reach.
;; status: 3
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") i64 0x20000)
  (data (i64.const 0x123456780) "abcd")
  (func (export "_start")
    (if (i32.ne (i32.load (i64.const 0x123456780)) (i32.const 0x64636261)) (then (unreachable)))
    (i64.store (i64.const 0x1fffffff8) (i64.const 5))
    (if (i64.ne (memory.grow (i64.const 1)) (i64.const 0x20000)) (then (unreachable)))
    (i64.store (i64.const 0x200000000) (i64.const 5))
    (call $exit (i32.const 3))))
