;; What a memory or a table may grow to can be any number.
;; status: 3
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") i64 0 0x1000000000000)
  (memory $bytes i64 0 0xffffffffffffffff (pagesize 1))
  (table $table i64 0 0xffffffffffffffff funcref)
  (func (export "_start")
    (if (i64.ne (memory.grow $bytes (i64.const -1)) (i64.const -1)) (then (unreachable)))
    (if (i64.ne (memory.grow (i64.const 0x1000000000000)) (i64.const -1)) (then (unreachable)))
    (if (i64.ne (memory.grow (i64.const 1)) (i64.const 0)) (then (unreachable)))
    (if (i64.ne (table.grow $table (ref.null func) (i64.const -1)) (i64.const -1))
      (then (unreachable)))
    (if (i64.ne (table.grow $table (ref.null func) (i64.const 3)) (i64.const 0))
      (then (unreachable)))
    (call $exit (i32.const 3))))
