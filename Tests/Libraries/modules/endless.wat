;; Ways to compute for (nearly) ever, which interruptions end.
(module
  (import "host" "call" (func $host))
  (memory (export "memory") 1024)
  (memory $shared 1 1 shared)
  (table $table 2 10000000 funcref)
  (elem (table $table) (i32.const 0) func $pong $ping)
  (elem declare func $ping)
  (type $step (func (param i32) (result i32)))

  ;; One that nothing is known of, one that counts, by steps of all kinds.
  (func (export "spin") (loop $again (br $again)))
  (func (export "counting") (param i64) (result i64) (local i64)
    (loop $again
      (local.set 1 (i64.xor (i64.mul (local.get 1) (i64.const 31)) (local.get 0)))
      (br_if $again (i64.ne (local.tee 0 (i64.add (local.get 0) (i64.const -3))) (i64.const 1))))
    (local.get 1))
  (func (export "collatz") (param i64) (result i64)
    (loop $again
      (local.set 0
        (select (i64.add (i64.mul (local.get 0) (i64.const 3)) (i64.const 1))
          (i64.shr_u (local.get 0) (i64.const 1))
          (i32.wrap_i64 (i64.and (local.get 0) (i64.const 1)))))
      (br $again))
    (local.get 0))
  ;; A loop that becomes vectors, again and again.
  (func $sum (export "sum") (param i32) (result i32) (local i32 i32)
    (loop $again
      (local.set 2 (i32.add (local.get 2) (i32.load (i32.shl (local.get 1) (i32.const 2)))))
      (br_if $again (i32.lt_u (local.tee 1 (i32.add (local.get 1) (i32.const 1))) (local.get 0))))
    (local.get 2))
  (func (export "vectors") (param i32) (result i32) (local i32)
    (loop $again
      (local.set 1 (i32.add (local.get 1) (call $sum (local.get 0))))
      (br_if $again (i32.ne (local.get 1) (i32.const 1))))
    (local.get 1))
  ;; A loop that LLVM makes a memset of: 64 MiB.
  (func (export "idiom") (local i32)
    (loop $outer
      (local.set 0 (i32.const 0))
      (loop $again
        (i32.store8 (local.get 0) (i32.const 7))
        (br_if $again
          (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 0x4000000))))
      (br $outer)))
  ;; Three loops, each with so few rounds that none of them looks by itself.
  (func (export "nest") (local i64 i64 i64 i64)
    (loop $a
      (local.set 1 (i64.const 1))
      (loop $b
        (local.set 2 (i64.const 1))
        (loop $c
          (local.set 3 (i64.xor (i64.mul (local.get 3) (i64.const 17)) (local.get 2)))
          (br_if $c (i64.ne (local.tee 2 (i64.add (local.get 2) (i64.const 1))) (i64.const 1000))))
        (br_if $b (i64.ne (local.tee 1 (i64.add (local.get 1) (i64.const 1))) (i64.const 1000))))
      (i64.store (i32.const 0) (local.get 3))
      (br_if $a (i64.ne (local.tee 0 (i64.add (local.get 0) (i64.const 1))) (i64.const -1)))))

  ;; Calls.
  (func $recurse (export "recurse") (param i32) (result i32)
    (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))
    (if (result i32) (i32.eqz (local.get 0)) (then (i32.const 1))
      (else (i32.add (call $recurse (i32.sub (local.get 0) (i32.const 1)))
        (call $recurse (i32.sub (local.get 0) (i32.const 1)))))))
  ;; No circle of calls, and two to the power of forty of them.
  (func $d0 (param i32) (result i32) (i32.add (call $d1 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d1 (i32.mul (local.get 0) (i32.const 3))) (i32.const 0))))
  (func $d1 (param i32) (result i32) (i32.add (call $d2 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d2 (i32.mul (local.get 0) (i32.const 3))) (i32.const 1))))
  (func $d2 (param i32) (result i32) (i32.add (call $d3 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d3 (i32.mul (local.get 0) (i32.const 3))) (i32.const 2))))
  (func $d3 (param i32) (result i32) (i32.add (call $d4 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d4 (i32.mul (local.get 0) (i32.const 3))) (i32.const 3))))
  (func $d4 (param i32) (result i32) (i32.add (call $d5 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d5 (i32.mul (local.get 0) (i32.const 3))) (i32.const 4))))
  (func $d5 (param i32) (result i32) (i32.add (call $d6 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d6 (i32.mul (local.get 0) (i32.const 3))) (i32.const 5))))
  (func $d6 (param i32) (result i32) (i32.add (call $d7 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d7 (i32.mul (local.get 0) (i32.const 3))) (i32.const 6))))
  (func $d7 (param i32) (result i32) (i32.add (call $d8 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d8 (i32.mul (local.get 0) (i32.const 3))) (i32.const 7))))
  (func $d8 (param i32) (result i32) (i32.add (call $d9 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d9 (i32.mul (local.get 0) (i32.const 3))) (i32.const 8))))
  (func $d9 (param i32) (result i32) (i32.add (call $d10 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d10 (i32.mul (local.get 0) (i32.const 3))) (i32.const 9))))
  (func $d10 (param i32) (result i32) (i32.add (call $d11 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d11 (i32.mul (local.get 0) (i32.const 3))) (i32.const 10))))
  (func $d11 (param i32) (result i32) (i32.add (call $d12 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d12 (i32.mul (local.get 0) (i32.const 3))) (i32.const 11))))
  (func $d12 (param i32) (result i32) (i32.add (call $d13 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d13 (i32.mul (local.get 0) (i32.const 3))) (i32.const 12))))
  (func $d13 (param i32) (result i32) (i32.add (call $d14 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d14 (i32.mul (local.get 0) (i32.const 3))) (i32.const 13))))
  (func $d14 (param i32) (result i32) (i32.add (call $d15 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d15 (i32.mul (local.get 0) (i32.const 3))) (i32.const 14))))
  (func $d15 (param i32) (result i32) (i32.add (call $d16 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d16 (i32.mul (local.get 0) (i32.const 3))) (i32.const 15))))
  (func $d16 (param i32) (result i32) (i32.add (call $d17 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d17 (i32.mul (local.get 0) (i32.const 3))) (i32.const 16))))
  (func $d17 (param i32) (result i32) (i32.add (call $d18 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d18 (i32.mul (local.get 0) (i32.const 3))) (i32.const 17))))
  (func $d18 (param i32) (result i32) (i32.add (call $d19 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d19 (i32.mul (local.get 0) (i32.const 3))) (i32.const 18))))
  (func $d19 (param i32) (result i32) (i32.add (call $d20 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d20 (i32.mul (local.get 0) (i32.const 3))) (i32.const 19))))
  (func $d20 (param i32) (result i32) (i32.add (call $d21 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d21 (i32.mul (local.get 0) (i32.const 3))) (i32.const 20))))
  (func $d21 (param i32) (result i32) (i32.add (call $d22 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d22 (i32.mul (local.get 0) (i32.const 3))) (i32.const 21))))
  (func $d22 (param i32) (result i32) (i32.add (call $d23 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d23 (i32.mul (local.get 0) (i32.const 3))) (i32.const 22))))
  (func $d23 (param i32) (result i32) (i32.add (call $d24 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d24 (i32.mul (local.get 0) (i32.const 3))) (i32.const 23))))
  (func $d24 (param i32) (result i32) (i32.add (call $d25 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d25 (i32.mul (local.get 0) (i32.const 3))) (i32.const 24))))
  (func $d25 (param i32) (result i32) (i32.add (call $d26 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d26 (i32.mul (local.get 0) (i32.const 3))) (i32.const 25))))
  (func $d26 (param i32) (result i32) (i32.add (call $d27 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d27 (i32.mul (local.get 0) (i32.const 3))) (i32.const 26))))
  (func $d27 (param i32) (result i32) (i32.add (call $d28 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d28 (i32.mul (local.get 0) (i32.const 3))) (i32.const 27))))
  (func $d28 (param i32) (result i32) (i32.add (call $d29 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d29 (i32.mul (local.get 0) (i32.const 3))) (i32.const 28))))
  (func $d29 (param i32) (result i32) (i32.add (call $d30 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d30 (i32.mul (local.get 0) (i32.const 3))) (i32.const 29))))
  (func $d30 (param i32) (result i32) (i32.add (call $d31 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d31 (i32.mul (local.get 0) (i32.const 3))) (i32.const 30))))
  (func $d31 (param i32) (result i32) (i32.add (call $d32 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d32 (i32.mul (local.get 0) (i32.const 3))) (i32.const 31))))
  (func $d32 (param i32) (result i32) (i32.add (call $d33 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d33 (i32.mul (local.get 0) (i32.const 3))) (i32.const 32))))
  (func $d33 (param i32) (result i32) (i32.add (call $d34 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d34 (i32.mul (local.get 0) (i32.const 3))) (i32.const 33))))
  (func $d34 (param i32) (result i32) (i32.add (call $d35 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d35 (i32.mul (local.get 0) (i32.const 3))) (i32.const 34))))
  (func $d35 (param i32) (result i32) (i32.add (call $d36 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d36 (i32.mul (local.get 0) (i32.const 3))) (i32.const 35))))
  (func $d36 (param i32) (result i32) (i32.add (call $d37 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d37 (i32.mul (local.get 0) (i32.const 3))) (i32.const 36))))
  (func $d37 (param i32) (result i32) (i32.add (call $d38 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d38 (i32.mul (local.get 0) (i32.const 3))) (i32.const 37))))
  (func $d38 (param i32) (result i32) (i32.add (call $d39 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d39 (i32.mul (local.get 0) (i32.const 3))) (i32.const 38))))
  (func $d39 (param i32) (result i32) (i32.add (call $d40 (i32.add (local.get 0) (i32.const 1))) (i32.xor (call $d40 (i32.mul (local.get 0) (i32.const 3))) (i32.const 39))))
  (func $d40 (param i32) (result i32)
    (i32.xor (local.get 0) (i32.load (i32.and (local.get 0) (i32.const 0xffff)))))
  (func (export "deep") (param i32) (result i32) (call $d0 (local.get 0)))
  (func $ping (type $step) (return_call_indirect $table (type $step) (local.get 0) (i32.const 0)))
  (func $pong (type $step) (return_call $ping (local.get 0)))
  (func (export "tail") (param i32) (result i32) (return_call $ping (local.get 0)))
  (func (export "calls") (loop $again (call $host) (br $again)))

  ;; Much at once.
  (func (export "copy") (param i32)
    (loop $again
      (memory.copy (local.get 0) (i32.const 0) (i32.const 0x3f00000))
      (br $again)))
  (func (export "fill")
    (loop $again (memory.fill (i32.const 0) (i32.const 1) (i32.const 0x4000000)) (br $again)))
  (func (export "tables") (local i32)
    (local.set 0 (table.grow $table (ref.func $ping) (i32.const 9000000)))
    (loop $again
      (table.fill $table (i32.const 100) (ref.func $ping) (i32.const 8000000))
      (table.copy $table $table (i32.const 200) (i32.const 100) (i32.const 8000000))
      (br $again)))
  (func (export "wait") (result i32)
    (memory.atomic.wait32 $shared (i32.const 0) (i32.const 0) (i64.const -1)))

  ;; What copying in pieces has to leave behind, over several of them, in both directions.
  (func (export "copied") (param i32 i32 i32) (result i64) (local i32 i64)
    (loop $again
      (i32.store8 (local.get 3) (i32.mul (local.get 3) (i32.const 0x9e3779b1)))
      (i32.store16 (local.get 3) (i32.shr_u (i32.mul (local.get 3) (i32.const 0x9e3779b1)) (i32.const 13)))
      (br_if $again
        (i32.lt_u (local.tee 3 (i32.add (local.get 3) (i32.const 1))) (i32.const 0x600000))))
    (memory.copy (local.get 0) (local.get 1) (local.get 2))
    (memory.fill (i32.const 0x700000) (i32.const 0xab) (local.get 2))
    (local.set 3 (i32.const 0))
    (loop $again
      (local.set 4
        (i64.xor (i64.mul (local.get 4) (i64.const 0x100000001b3)) (i64.load8_u (local.get 3))))
      (br_if $again
        (i32.lt_u (local.tee 3 (i32.add (local.get 3) (i32.const 1))) (i32.const 0x1000000))))
    (local.get 4))
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))
