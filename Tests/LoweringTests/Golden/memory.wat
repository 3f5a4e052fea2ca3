;; Plain accesses on the base symbol, without checks unless the constant offset is huge; a load
;; whose result is dropped stays.
(module
  (memory 1 2)
  (func $load (param i32) (result i32) (i32.load offset=16 (local.get 0)))
  (func $load_byte (param i32) (result i64) (i64.load8_s (local.get 0)))
  (func $store (param i32 f64) (f64.store (local.get 0) (local.get 1)))
  (func $store_half (param i32 i64) (i64.store16 offset=2 (local.get 0) (local.get 1)))
  (func $constant_address (result i32) (i32.load (i32.const 1024)))
  (func $huge_offset (param i32) (result i32) (i32.load offset=4294967295 (local.get 0)))
  (func $dropped (param i32) (drop (i32.load8_u (local.get 0))))
  (func $size (result i32) (memory.size))
  (func $grow (param i32) (result i32) (memory.grow (local.get 0)))
  (func $fill (param i32 i32 i32) (memory.fill (local.get 0) (local.get 1) (local.get 2)))
  (func $copy (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
  (data $d "abcdef")
  (func $init (param i32) (memory.init $d (local.get 0) (i32.const 1) (i32.const 2))
    (data.drop $d)))
