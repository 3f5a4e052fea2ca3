;; What fuel counts.
(module
  (import "host" "call" (func $host (param i32)))
  (memory (export "memory") 64)
  (table $table 10 100000 funcref)
  (elem (table $table) (i32.const 0) func $add $twice)
  (type $binary (func (param i32 i32) (result i32)))

  (func $add (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func $twice (param i32 i32) (result i32) (return_call $add (local.get 0) (local.get 0)))
  (func (export "nothing"))
  ;; 4 and 10 a round, in a loop that becomes vectors.
  (func $sum (export "sum") (param i32) (result i32) (local i32 i32)
    (loop $again
      (local.set 2 (i32.add (local.get 2) (i32.load (i32.shl (local.get 1) (i32.const 2)))))
      (br_if $again (i32.lt_u (local.tee 1 (i32.add (local.get 1) (i32.const 1))) (local.get 0))))
    (local.get 2))
  ;; Branches in a loop, some taken.
  (func (export "branches") (param i32) (result i32) (local i32)
    (loop $again
      (if (i32.and (local.get 0) (i32.const 1))
        (then (local.set 1 (i32.add (local.get 1) (i32.mul (local.get 0) (i32.const 3)))))
        (else (nop)))
      (block $out
        (br_if $out (i32.eqz (i32.rem_u (local.get 0) (i32.const 5))))
        (i32.store8 (local.get 0) (local.get 1)))
      (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (local.get 1))
  (func (export "switch") (param i32) (result i32) (local i32)
    (loop $again
      (block $c (block $b (block $a
        (br_table $a $b $c (i32.rem_u (local.get 0) (i32.const 4))))
        (local.set 1 (i32.add (local.get 1) (i32.const 17)))
        (br $c))
        (local.set 1 (i32.mul (local.get 1) (i32.const 5))))
      (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (local.get 1))
  (func $fib (export "fib") (param i32) (result i32)
    (if (result i32) (i32.lt_u (local.get 0) (i32.const 2)) (then (local.get 0))
      (else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1)))
        (call $fib (i32.sub (local.get 0) (i32.const 2)))))))
  (func (export "indirect") (param i32 i32) (result i32)
    (call_indirect $table (type $binary) (local.get 0) (local.get 0) (local.get 1)))
  (func (export "bulk") (param i32)
    (memory.fill (i32.const 0) (i32.const 1) (local.get 0))
    (memory.copy (i32.const 0) (i32.const 100000) (local.get 0)))
  (func (export "tables") (param i32)
    (drop (table.grow $table (ref.null func) (local.get 0)))
    (table.fill $table (i32.const 10) (ref.null func) (local.get 0)))
  ;; Loops in a row and in one another, with a call of a function that becomes a part of it.
  (func (export "nest") (param i32) (result i32) (local i32 i32)
    (loop $outer
      (local.set 1 (local.get 0))
      (loop $inner
        (local.set 2 (call $add (local.get 2) (local.get 1)))
        (br_if $inner (local.tee 1 (i32.sub (local.get 1) (i32.const 1)))))
      (local.set 2 (i32.xor (local.get 2) (call $sum (local.get 0))))
      (br_if $outer (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (local.get 2))
  (func (export "calls") (param i32)
    (loop $again
      (call $host (local.get 0))
      (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
  (func (export "divide") (param i32 i32) (result i32)
    (i32.store (i32.const 0) (i32.const 1))
    (i32.div_u (local.get 0) (local.get 1)))
  ;; For ever, or nearly so.
  (func (export "forever") (loop $again (br $again)))
  (func (export "memory_forever") (param i64) (local i64)
    (loop $again
      (i32.store offset=8 (i32.wrap_i64 (i64.and (local.get 1) (i64.const 0xffff))) (i32.const 3))
      (br_if $again (i64.ne (local.tee 1 (i64.add (local.get 1) (i64.const 4))) (local.get 0))))))
