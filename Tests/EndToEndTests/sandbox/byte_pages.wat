;; Pages of one byte, and a size that is no whole page of any kernel: it starts, has what it begins
;; with, grows to its maximum, finds zeros there, and no further.
;; status: 3
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 40000 60000 (pagesize 1))
  (data (i32.const 39998) "ab")
  (func (export "_start")
    (if (i32.ne (i32.load16_u (i32.const 39998)) (i32.const 0x6261)) (then (unreachable)))
    (if (i32.ne (memory.grow (i32.const 20001)) (i32.const -1)) (then (unreachable)))
    (if (i32.ne (memory.grow (i32.const 20000)) (i32.const 40000)) (then (unreachable)))
    (if (i32.load8_u (i32.const 40000)) (then (unreachable)))
    (i32.store8 (i32.const 59999) (i32.const 1))
    (if (i32.ne (memory.grow (i32.const 1)) (i32.const -1)) (then (unreachable)))
    (call $exit (i32.const 3))))
