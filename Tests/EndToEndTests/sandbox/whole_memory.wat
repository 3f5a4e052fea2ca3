;; All that 32-bit addresses can name is there from the start.
;; status: 3
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 65536)
  (data (i32.const 0xfffe0000) "abcd")
  (func (export "_start")
    (if (i32.ne (i32.load (i32.const 0xfffe0000)) (i32.const 0x64636261)) (then (unreachable)))
    (i32.store (i32.const -4) (i32.const 5))
    (if (i32.ne (i32.load (i32.const -4)) (i32.const 5)) (then (unreachable)))
    (if (i32.ne (memory.grow (i32.const 1)) (i32.const -1)) (then (unreachable)))
    (call $exit (i32.const 3))))
