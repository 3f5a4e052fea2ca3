;; The same with the largest constants that a module has without a comparison.
;; trap: out of bounds memory access
(module
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args (param i32 i32) (result i32)))
  (memory (export "memory") 20)
  (func $access (param $seed i32) (result i32) (local $at i32)
    (local.set $at (i32.and (local.get $seed) (i32.const 0x70000000)))
    (i32.store offset=0x80000000 (i32.add (local.get $at) (i32.const 0x7ffff)) (i32.const 7))
    (i32.store offset=0xf0000 (i32.add (local.get $at) (i32.const 0x8000)) (i32.const 7))
    (i32.load (i32.sub (local.get $at) (i32.const 0x7ff0))))
  (func (export "_start") (local $count i32)
    (drop (call $args (i32.const 0) (i32.const 4)))
    (local.set $count (i32.load (i32.const 0)))
    (i32.store (i32.const 64) (call $access (local.get $count)))))
