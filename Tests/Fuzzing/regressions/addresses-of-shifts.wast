;; Addresses that wrap around at 32 bits and that an instruction could compute by itself, with a
;; shift or an extension of its own: that must not undo the wrapping. Each function reads what it
;; writes to a small address, which every operand below comes to.

(module
  (memory 1)
  (data (i32.const 0) "\00\01\02\03\04\05\06\07\08\09\0a\0b\0c\0d\0e\0f")
  (data (i32.const 16) "\10\11\12\13\14\15\16\17\18\19\1a\1b\1c\1d\1e\1f")
  (data (i32.const 32) "\20\21\22\23\24\25\26\27\28\29\2a\2b\2c\2d\2e\2f")

  ;; The shift that scales by the size of the access.
  (func (export "shl1") (param i32) (result i32)
    (i32.load16_u (i32.shl (local.get 0) (i32.const 1))))
  (func (export "shl2") (param i32) (result i32)
    (i32.load (i32.shl (local.get 0) (i32.const 2))))
  (func (export "shl3") (param i32) (result i64)
    (i64.load (i32.shl (local.get 0) (i32.const 3))))
  (func (export "shl3-float") (param i32) (result i64)
    (i64.reinterpret_f64 (f64.load (i32.shl (local.get 0) (i32.const 3)))))
  (func (export "shl4") (param i32) (result i64)
    (i64x2.extract_lane 0 (v128.load (i32.shl (local.get 0) (i32.const 4)))))
  ;; The same as a product, either way round.
  (func (export "mul2") (param i32) (result i32)
    (i32.load16_u (i32.mul (local.get 0) (i32.const 2))))
  (func (export "mul4") (param i32) (result i32)
    (i32.load (i32.mul (i32.const 4) (local.get 0))))
  (func (export "mul8") (param i32) (result i64)
    (i64.load (i32.mul (local.get 0) (i32.const 8))))
  (func (export "mul16") (param i32) (result i64)
    (i64x2.extract_lane 0 (v128.load (i32.mul (local.get 0) (i32.const 16)))))
  ;; In 64 bits, and wrapped afterwards.
  (func (export "wide-shl3") (param i32) (result i64)
    (i64.load (i32.wrap_i64
      (i64.shl (i64.extend_i32_u (local.get 0)) (i64.const 3)))))
  (func (export "wide-signed-shl3") (param i32) (result i64)
    (i64.load (i32.wrap_i64
      (i64.shl (i64.extend_i32_s (local.get 0)) (i64.const 3)))))
  (func (export "wide-mul8") (param i32) (result i64)
    (i64.load (i32.wrap_i64
      (i64.mul (i64.extend_i32_u (local.get 0)) (i64.const 0x100000008)))))
  (func (export "sum-shl2") (param i32) (result i32)
    (i32.load (i32.add
      (i32.shl (local.get 0) (i32.const 2)) (i32.shl (local.get 0) (i32.const 3)))))
  ;; Behind the shift: a constant, which has its own place in the access, and an offset.
  (func (export "shl2-less8") (param i32) (result i32)
    (i32.load (i32.sub (i32.shl (local.get 0) (i32.const 2)) (i32.const 8))))
  (func (export "shl2-offset8") (param i32) (result i32)
    (i32.load offset=8 (i32.shl (local.get 0) (i32.const 2))))
  (func (export "less8-shl2") (param i32) (result i32)
    (i32.load (i32.shl (i32.sub (local.get 0) (i32.const 8)) (i32.const 2))))
  ;; Stores, and a shift whose result is used twice.
  (func (export "store3") (param i32) (result i64)
    (i64.store (i32.shl (local.get 0) (i32.const 3)) (i64.const 0x1716151413121110))
    (i64.load (i32.const 16)))
  (func (export "twice2") (param i32) (result i32)
    (local $p i32)
    (local.set $p (i32.shl (local.get 0) (i32.const 2)))
    (i32.store (local.get $p) (i32.load (local.get $p)))
    (i32.load (local.get $p)))
  ;; Extensions that are no shifts.
  (func (export "signed8") (param i32) (result i64)
    (i64.load (i32.and (i32.extend8_s (local.get 0)) (i32.const 0xff))))
  (func (export "shr") (param i32) (result i64)
    (i64.load (i32.shr_u (i32.shl (local.get 0) (i32.const 3)) (i32.const 0))))
  (func (export "signed-shr") (param i32) (result i64)
    (i64.load (i32.shl (i32.shr_s (local.get 0) (i32.const 3)) (i32.const 3))))
)

(assert_return (invoke "shl1" (i32.const 0x80000008)) (i32.const 0x1110))
(assert_return (invoke "shl2" (i32.const 0xc0000004)) (i32.const 0x13121110))
(assert_return (invoke "shl2" (i32.const 0x40000004)) (i32.const 0x13121110))
(assert_return (invoke "shl3" (i32.const 0xe0000002)) (i64.const 0x1716151413121110))
(assert_return (invoke "shl3" (i32.const 0x20000002)) (i64.const 0x1716151413121110))
(assert_return (invoke "shl3-float" (i32.const 0xe0000002)) (i64.const 0x1716151413121110))
(assert_return (invoke "shl4" (i32.const 0xf0000001)) (i64.const 0x1716151413121110))
(assert_return (invoke "mul2" (i32.const 0x80000008)) (i32.const 0x1110))
(assert_return (invoke "mul4" (i32.const 0xc0000004)) (i32.const 0x13121110))
(assert_return (invoke "mul8" (i32.const 0xe0000002)) (i64.const 0x1716151413121110))
(assert_return (invoke "mul16" (i32.const 0xf0000001)) (i64.const 0x1716151413121110))
(assert_return (invoke "wide-shl3" (i32.const 0xe0000002)) (i64.const 0x1716151413121110))
(assert_return (invoke "wide-signed-shl3" (i32.const 0xe0000002)) (i64.const 0x1716151413121110))
(assert_return (invoke "wide-mul8" (i32.const 0xe0000002)) (i64.const 0x1716151413121110))
(assert_return (invoke "sum-shl2" (i32.const 0x40000000)) (i32.const 0x03020100))
(assert_return (invoke "shl2-less8" (i32.const 0xc0000006)) (i32.const 0x13121110))
(assert_return (invoke "shl2-offset8" (i32.const 0xc0000002)) (i32.const 0x13121110))
(assert_return (invoke "less8-shl2" (i32.const 0xc000000c)) (i32.const 0x13121110))
(assert_return (invoke "store3" (i32.const 0xe0000002)) (i64.const 0x1716151413121110))
(assert_return (invoke "twice2" (i32.const 0xc0000004)) (i32.const 0x13121110))
(assert_return (invoke "signed8" (i32.const 0xffffff10)) (i64.const 0x1716151413121110))
(assert_return (invoke "shr" (i32.const 0xe0000002)) (i64.const 0x1716151413121110))
;; Addresses near 2^31 and 2^32 are outside.
(assert_trap (invoke "shl2" (i32.const 0x20000000)) "out of bounds memory access")
(assert_trap (invoke "shl3" (i32.const 0x1fffffff)) "out of bounds memory access")
(assert_trap (invoke "shl4" (i32.const 0x0fffffff)) "out of bounds memory access")
(assert_trap (invoke "less8-shl2" (i32.const 0x7)) "out of bounds memory access")
(assert_trap (invoke "signed-shr" (i32.const 0x80000000)) "out of bounds memory access")
(assert_trap (invoke "shl2-less8" (i32.const 0x40000001)) "out of bounds memory access")

;; Products in 64 bits, of which the low half alone is a power of two.
(module
  (memory i64 1)
  (data (i64.const 16) "\10\11\12\13\14\15\16\17")
  (func (export "mul") (param i64) (result i64)
    (i64.load (i64.mul (local.get 0) (i64.const 0x100000008))))
  (func (export "shl") (param i64) (result i64)
    (i64.load (i64.shl (local.get 0) (i64.const 3))))
  (func (export "mask") (param i64) (result i64)
    (i64.load (i64.and (i64.shl (local.get 0) (i64.const 3)) (i64.const 0xffffffff))))
)

;; 0x7ffffffc0000002 * 0x100000008 = 16 modulo 2^64.
(assert_return (invoke "mul" (i64.const 0x7ffffffc0000002)) (i64.const 0x1716151413121110))
(assert_trap (invoke "mul" (i64.const 2)) "out of bounds memory access")
(assert_return (invoke "shl" (i64.const 0xe000000000000002)) (i64.const 0x1716151413121110))
(assert_return (invoke "mask" (i64.const 0xe0000000e0000002)) (i64.const 0x1716151413121110))
