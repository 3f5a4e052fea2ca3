;; Division and remainder check for zero and overflow; shifts mask their amount.
(module
  (func $divide (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func $divide_unsigned (param i64 i64) (result i64) (i64.div_u (local.get 0) (local.get 1)))
  (func $remainder (param i64 i64) (result i64) (i64.rem_s (local.get 0) (local.get 1)))
  (func $shift (param i32 i32) (result i32) (i32.shr_s (local.get 0) (local.get 1)))
  (func $rotate (param i64 i64) (result i64) (i64.rotl (local.get 0) (local.get 1)))
  (func $leading (param i32) (result i32) (i32.clz (local.get 0)))
  (func $extend (param i64) (result i64) (i64.extend16_s (local.get 0)))
  (func $branch (param i32 i32) (result i32)
    (if (result i32) (i32.lt_u (local.get 0) (local.get 1))
      (then (i32.const 1)) (else (i32.eqz (local.get 1))))))
