;; Address and offset together go far beyond 4 GiB.
;; trap: out of bounds memory access
;; frame: read
;; frame: start
(module
  (memory (export "memory") 1)
  (func $read (param i32) (result i32) (i32.load offset=0xfffffffc (local.get 0)))
  (func $start (export "_start")
    (i32.store (i32.const 0) (call $read (i32.const -1)))))
