;; A program that never ends.
(module
  (func (export "one") (result i32) (i32.const 1))
  (func (export "hang") (loop $forever (br $forever))))
(assert_return (invoke "one") (i32.const 1))
(assert_return (invoke "hang"))
(assert_return (invoke "one") (i32.const 1))
