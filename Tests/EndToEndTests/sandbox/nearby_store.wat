;; Two addresses from one number: the store's constant is moved behind the extension, where it is exact,
;; and the load's summand wraps around. Relative to the load, the store would be behind any guard that
;; does not count on it.
;; trap: out of bounds memory access
(module
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args (param i32 i32) (result i32)))
  (memory (export "memory") 20)
  (func $access (param $seed i32) (result i32) (local $at i32)
    (local.set $at (i32.and (local.get $seed) (i32.const 0x7f000000)))
    (i32.store (i32.add (local.get $at) (i32.const 0x80000)) (i32.const 7))
    (i32.load (i32.sub (local.get $at) (i32.const 16))))
  (func (export "_start") (local $count i32)
    (drop (call $args (i32.const 0) (i32.const 4)))
    (local.set $count (i32.load (i32.const 0)))
    (i32.store (i32.const 64) (call $access (local.get $count)))))
