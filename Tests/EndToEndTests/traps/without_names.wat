;; Functions without names are called by their index.
;; trap: unreachable
;; frame: wasm-function[1]
;; frame: wasm-function[2]
(module
  (memory (export "memory") 1)
  (func (param i32) (drop (local.get 0)))
  (func (unreachable))
  (func (export "_start") (call 1)))
