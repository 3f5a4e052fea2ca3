;; Waits on memory for two seconds and exits with what came of it, 2 for the time being over.
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1 1 shared)
  (func (export "_start")
    (call $exit (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 2000000000)))))
