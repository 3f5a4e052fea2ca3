;; A store to the same place in each iteration of a loop that never ends: it must not wait for the end.
;; trap: out of bounds memory access
;; access: write of 4 bytes at address 0x10028 of memory 0, whose size is 0x10000 bytes
;; frame: fill
;; frame: run
(module
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
  (memory (export "memory") 1 1)
  (func $fill (param $place i32) (param $end i32) (local $i i32)
    (loop $again
      (i32.store offset=65544 (local.get $place) (local.get $i))
      (local.set $i (i32.add (local.get $i) (i32.const 8)))
      (br_if $again (i32.ne (local.get $i) (local.get $end)))))
  ;; The number of arguments is one, and no multiple of eight.
  (func $run (export "_start")
    (drop (call $sizes (i32.const 0) (i32.const 4)))
    (call $fill (i32.const 32) (i32.load (i32.const 0)))))
