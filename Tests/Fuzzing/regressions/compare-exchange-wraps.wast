;; The expected value of a narrow compare-exchange is wrapped to the width before it is compared
;; (threads proposal, Overview.md).
(module
  (memory 1)
  (data (i32.const 0) "\36\00\00\00\11\11")
  (func (export "exchange8") (param i32) (result i32)
    (i32.atomic.rmw8.cmpxchg_u (i32.const 0) (local.get 0) (i32.const 0x101)))
  (func (export "exchange16") (param i64) (result i64)
    (i64.atomic.rmw16.cmpxchg_u (i32.const 4) (local.get 0) (i64.const 5)))
  (func (export "load") (param i32) (result i32) (i32.load16_u (local.get 0))))
(assert_return (invoke "exchange8" (i32.const 0xfd288e36)) (i32.const 0x36))
(assert_return (invoke "load" (i32.const 0)) (i32.const 1))
(assert_return (invoke "exchange16" (i64.const 0x1234_0000_0000_1111)) (i64.const 0x1111))
(assert_return (invoke "load" (i32.const 4)) (i32.const 5))
