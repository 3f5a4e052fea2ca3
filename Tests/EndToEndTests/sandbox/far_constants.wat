;; Constant indices that have no room in an instruction beside the memory's own address: of accesses, of bulk
;; operations, and of data that are written when the program starts.
;; status: 9
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 65536)
  (memory $other i64 0x10001)
  (data (i32.const 0xf0000000) "\04")
  (data (memory $other) (i64.const 0x100000000) "\05")
  (func (export "_start")
    (i32.store8 (i32.const 0xffffffff) (i32.const 3))
    (memory.fill (i32.const 0x90000000) (i32.load8_u (i32.const 0xf0000000)) (i32.const 4))
    (memory.copy (i32.const 0xe0000000) (i32.const 0x90000003) (i32.const 1))
    (if (i32.ne (i32.load8_u (i32.const 0xffffffff)) (i32.const 3)) (then unreachable))
    (call $exit
      (i32.add
        (i32.load8_u (i32.const 0xe0000000))
        (i32.load8_u $other (i64.const 0x100000000))))))
