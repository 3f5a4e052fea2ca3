;; Of a large memory 0 the kernel maps the beginning, the runtime makes the rest accessible, and what lies
;; there is written when the program starts, in the order of the segments.
;; status: 7
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") i64 0x100000)
  (data (i64.const 16) "\01")
  (data (i64.const 0x800000000) "\02\03")
  (data (i64.const 16) "\04")
  (data (i64.const 0x800000001) "\03")
  (func (export "_start")
    (i32.store8 (i64.const 0xfffffffff) (i32.const 1))
    (if (i32.ne (i32.load8_u (i64.const 0xfffffffff)) (i32.const 1)) (then unreachable))
    (if (i32.ne (i32.load8_u (i64.const 0x800000000)) (i32.const 2)) (then unreachable))
    (call $exit (i32.add (i32.load8_u (i64.const 16)) (i32.load8_u (i64.const 0x800000001))))))
