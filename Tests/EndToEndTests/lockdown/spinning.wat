;; Needs no system call, and never ends by itself.
(module
  (memory (export "memory") 1)
  (func (export "_start") (loop $forever (br $forever))))
