;; The legacy encoding of exceptions, where the official scripts leave something open. In its flat
;; form, which is the only one that wasm-tools reads.

;; Handlers in order, catch_all behind them, and results and parameters of blocks.
(module
  (tag $none) (tag $a (param i32)) (tag $b (param i32)) (tag $two (param i32 i64))
  (func $raise (param $which i32)
    (block $three (block $two (block $one (block $zero
      (br_table $zero $one $two $three (local.get $which)))
      (throw $none))
      (throw $a (i32.const 11)))
      (throw $b (i32.const 22)))
    (throw $two (i32.const 33) (i64.const 44)))
  (func (export "order") (param i32) (result i32)
    try (result i32)
      local.get 0 call $raise i32.const -1
    catch $a i32.const 100 i32.add
    catch $a i32.const 200 i32.add
    catch $two i32.wrap_i64 i32.add
    catch_all i32.const 7
    end)
  (func (export "none-fits") (param i32) (result i32)
    try (result i32) local.get 0 call $raise i32.const -1 catch $b end)
  (func (export "parameters") (param i32) (result i32)
    i32.const 40 i32.const 2
    try (param i32 i32) (result i32)
      i32.add
      local.get 0 i32.const 0 i32.ge_s if local.get 0 call $raise end
    catch $a i32.const 1 i32.add
    catch_all i32.const 9
    end)
  (func (export "no-handler") (param i32) (result i32)
    try (result i32) local.get 0 call $raise i32.const 5 end)
  (func (export "no-handler-inside") (param i32) (result i32)
    try (result i32)
      try (result i32) local.get 0 call $raise i32.const 5 end
    catch $a
    catch_all i32.const 3
    end)
  ;; Branches out of bodies and handlers; a label of the try itself leaves it.
  (func (export "branches") (param i32) (result i32)
    block $out (result i32)
      try $t (result i32)
        local.get 0 i32.const 5 i32.eq if i32.const 50 br $t end
        local.get 0 i32.const 6 i32.eq if i32.const 60 br $out end
        local.get 0 i32.const 7 i32.eq if i32.const 70 return end
        local.get 0 call $raise
        unreachable
      catch $a
        i32.const 1 i32.add br $t
      catch $b
        i32.const 1 i32.add br $out
      catch_all
        i32.const 77 return
      end
      i32.const 1000 i32.add
    end
    i32.const 10000 i32.add)
  ;; What a handler throws is not for the handlers beside it.
  (func (export "throw-in-handler") (param i32) (result i32)
    try (result i32)
      try (result i32)
        local.get 0 call $raise i32.const -1
      catch $a i32.const 5 i32.add throw $a
      catch_all i32.const 2 throw $a
      end
    catch $a i32.const 100 i32.add
    end)
  (func (export "loop") (param $n i32) (result i32) (local $tries i32)
    loop $again (result i32)
      local.get $tries i32.const 1 i32.add local.set $tries
      try (result i32)
        local.get $tries local.get $n i32.lt_s if i32.const 1 call $raise end
        local.get $tries
      catch $a
        drop br $again
      end
    end)
)
(assert_return (invoke "order" (i32.const 0)) (i32.const 7))
(assert_return (invoke "order" (i32.const 1)) (i32.const 111))
(assert_return (invoke "order" (i32.const 2)) (i32.const 7))
(assert_return (invoke "order" (i32.const 3)) (i32.const 77))
(assert_return (invoke "none-fits" (i32.const 2)) (i32.const 22))
(assert_exception (invoke "none-fits" (i32.const 1)))
(assert_return (invoke "parameters" (i32.const -1)) (i32.const 42))
(assert_return (invoke "parameters" (i32.const 1)) (i32.const 12))
(assert_return (invoke "parameters" (i32.const 2)) (i32.const 9))
(assert_exception (invoke "no-handler" (i32.const 0)))
(assert_return (invoke "no-handler-inside" (i32.const 1)) (i32.const 11))
(assert_return (invoke "no-handler-inside" (i32.const 2)) (i32.const 3))
(assert_return (invoke "branches" (i32.const 0)) (i32.const 77))
(assert_return (invoke "branches" (i32.const 1)) (i32.const 11012))
(assert_return (invoke "branches" (i32.const 2)) (i32.const 10023))
(assert_return (invoke "branches" (i32.const 5)) (i32.const 11050))
(assert_return (invoke "branches" (i32.const 6)) (i32.const 10060))
(assert_return (invoke "branches" (i32.const 7)) (i32.const 70))
(assert_return (invoke "throw-in-handler" (i32.const 1)) (i32.const 116))
(assert_return (invoke "throw-in-handler" (i32.const 3)) (i32.const 102))
(assert_return (invoke "loop" (i32.const 0)) (i32.const 1))
(assert_return (invoke "loop" (i32.const 30)) (i32.const 30))

;; Delegation: to an outer try, past one, out of a block and a loop, to the caller, and from inside of
;; a handler, whose own try it must not reach.
(module
  (tag $a (param i32)) (tag $b)
  (func $raise (param i32) (throw $a (local.get 0)))
  (func (export "past") (result i32)
    try $outer (result i32)
      try (result i32)
        try (result i32)
          i32.const 1 call $raise i32.const -1
        delegate $outer
      catch $a i32.const 100 i32.add
      end
    catch $a i32.const 200 i32.add
    end)
  (func (export "next") (result i32)
    try (result i32)
      try $middle (result i32)
        try (result i32)
          i32.const 1 call $raise i32.const -1
        delegate $middle
      catch $a i32.const 100 i32.add
      end
    catch $a i32.const 200 i32.add
    end)
  (func (export "to-a-block") (result i32)
    try (result i32)
      block $block (result i32)
        try (result i32)
          try (result i32)
            i32.const 2 call $raise i32.const -1
          delegate $block
        catch_all i32.const 300
        end
      end
    catch $a i32.const 200 i32.add
    end)
  (func (export "to-a-loop") (result i32)
    try (result i32)
      loop $loop (result i32)
        try (result i32)
          try (result i32)
            i32.const 3 call $raise i32.const -1
          delegate $loop
        catch_all i32.const 300
        end
      end
    catch $a i32.const 200 i32.add
    end)
  (func $to-the-caller (param i32) (result i32)
    try (result i32)
      try (result i32)
        local.get 0 call $raise i32.const -1
      delegate 1
    catch_all i32.const 300
    end)
  (func (export "to-the-caller") (result i32)
    try (result i32) i32.const 4 call $to-the-caller catch $a i32.const 400 i32.add end)
  (func (export "uncaught") (result i32) i32.const 4 call $to-the-caller)
  (func (export "in-a-handler") (result i32)
    try (result i32)
      try $t (result i32)
        i32.const 5 call $raise i32.const -1
      catch $a
        drop
        try (result i32)
          i32.const 6 call $raise i32.const -1
        delegate $t
      catch_all
        i32.const 300
      end
    catch $a i32.const 500 i32.add
    end)
  (func (export "chain") (result i32)
    try $last (result i32)
      try $third (result i32)
        try $second (result i32)
          try (result i32)
            i32.const 7 call $raise i32.const -1
          delegate $second
        delegate $third
      delegate $last
    catch $a i32.const 600 i32.add
    end)
  (func (export "to-a-delegating-one") (result i32)
    try $last (result i32)
      try (result i32)
        try $second (result i32)
          try (result i32)
            i32.const 8 call $raise i32.const -1
          delegate $second
        delegate $last
      catch_all i32.const 300
      end
    catch $a i32.const 700 i32.add
    end)
  (func (export "no-throw") (param i32) (result i32)
    try $t (result i32)
      i32.const 10
      try (param i32) (result i32)
        local.get 0 if i32.const 9 call $raise end
        i32.const 1 i32.add
      delegate $t
    catch $a i32.const 800 i32.add
    end)
  (func (export "own-throw") (result i32)
    try $t (result i32)
      try
        try i32.const 12 throw $a delegate $t
      catch_all
      end
      i32.const -1
    catch $a i32.const 900 i32.add
    end)
  (func (export "return") (result i32)
    try $t (result i32)
      try i32.const 5 return delegate $t
      unreachable
    catch_all i32.const 300
    end))
(assert_return (invoke "past") (i32.const 201))
(assert_return (invoke "next") (i32.const 101))
(assert_return (invoke "to-a-block") (i32.const 202))
(assert_return (invoke "to-a-loop") (i32.const 203))
(assert_return (invoke "to-the-caller") (i32.const 404))
(assert_exception (invoke "uncaught"))
(assert_return (invoke "in-a-handler") (i32.const 506))
(assert_return (invoke "chain") (i32.const 607))
(assert_return (invoke "to-a-delegating-one") (i32.const 708))
(assert_return (invoke "no-throw" (i32.const 0)) (i32.const 11))
(assert_return (invoke "no-throw" (i32.const 1)) (i32.const 809))
(assert_return (invoke "own-throw") (i32.const 912))
(assert_return (invoke "return") (i32.const 5))

;; rethrow: of the handler's own exception, of an outer handler's, and of each of several.
(module
  (tag $a (param i32)) (tag $b (param i64 f64)) (tag $c)
  (func $raise (param i32)
    local.get 0 i32.const 1 i32.eq if i32.const 1 throw $a end
    local.get 0 i32.const 2 i32.eq if i64.const 2 f64.const 0.5 throw $b end
    throw $c)
  (func $value (export "value") (param i32) (result i32)
    try (result i32) local.get 0 call $relay
    catch $a
    catch $b i32.trunc_f64_s local.set 0 i32.wrap_i64 i32.const 10 i32.mul local.get 0 i32.add
    catch_all i32.const 30 end)
  (func $relay (param i32) (result i32)
    try (result i32)
      local.get 0 call $raise i32.const -1
    catch $a drop rethrow 0
    catch_all rethrow 0
    end)
  (func (export "payload") (param i32) (result i32 i64 f64)
    try (result i32 i64 f64)
      local.get 0 call $relay i64.const 0 f64.const 0
    catch $b
      try (param i64 f64) (result i32 i64 f64)
        drop drop rethrow 1
      catch $b
        i32.const 7
        drop
        try (param i64 f64) (result i32 i64 f64)
          drop drop rethrow 2
        catch_all i32.const 8 i64.const 9 f64.const 10
        end
      end
    end)
  (func (export "outer-of-two") (param i32) (result i32)
    try (result i32)
      try $outer (result i32)
        local.get 0 call $raise i32.const -1
      catch_all
        try $inner (result i32)
          i32.const 1 throw $a
        catch $a
          drop
          try (result i32)
            throw $c
          catch_all
            rethrow $outer
          end
        end
      end
    catch $a i32.const 100 i32.add
    catch $b drop drop i32.const 200
    catch_all i32.const 300
    end)
  (func (export "inner-of-two") (param i32) (result i32)
    try (result i32)
      try $outer (result i32)
        local.get 0 call $raise i32.const -1
      catch_all
        try $inner (result i32)
          i64.const 1 f64.const 2 throw $b
        catch_all
          rethrow $inner
        end
      end
    catch $a i32.const 100 i32.add
    catch $b drop drop i32.const 200
    catch_all i32.const 300
    end)
  ;; In a block and a loop inside of the handler, and with the same handler entered again and again.
  (func (export "in-a-loop") (param $n i32) (result i32) (local $sum i32)
    loop $next
      try
        try $t
          local.get $n i32.const 3 i32.rem_u call $raise
        catch $b
          drop drop
          block loop rethrow $t end end
        catch_all
          local.get $sum i32.const 1 i32.add local.set $sum
          rethrow 0
        end
      catch $a
        local.get $sum i32.add local.set $sum
      catch $b
        drop i32.wrap_i64 i32.const 100 i32.mul local.get $sum i32.add local.set $sum
      catch_all
        local.get $sum i32.const 10000 i32.add local.set $sum
      end
      local.get $n i32.const 1 i32.sub local.tee $n br_if $next
    end
    local.get $sum)
  (func (export "conditional") (param i32) (result i32)
    try (result i32)
      try $t (result i32)
        i32.const 5 throw $a
      catch $a
        drop local.get 0 i32.eqz if rethrow $t end
        unreachable
      end
    catch_all i32.const 6
    end)
  ;; rethrow through delegate.
  (func (export "delegated") (result i32)
    try $far (result i32)
      try (result i32)
        try $t (result i32)
          i32.const 5 throw $a
        catch $a
          drop
          try (result i32) rethrow $t delegate $far
        end
      catch_all i32.const -1
      end
    catch $a i32.const 50 i32.add
    end))
(assert_return (invoke "value" (i32.const 1)) (i32.const 1))
(assert_return (invoke "value" (i32.const 2)) (i32.const 20))
(assert_return (invoke "value" (i32.const 3)) (i32.const 30))
(assert_return (invoke "payload" (i32.const 2)) (i32.const 8) (i64.const 9) (f64.const 10))
(assert_exception (invoke "payload" (i32.const 1)))
(assert_return (invoke "outer-of-two" (i32.const 1)) (i32.const 101))
(assert_return (invoke "outer-of-two" (i32.const 2)) (i32.const 200))
(assert_return (invoke "outer-of-two" (i32.const 3)) (i32.const 300))
(assert_return (invoke "inner-of-two" (i32.const 1)) (i32.const 200))
(assert_return (invoke "in-a-loop" (i32.const 9)) (i32.const 30609))
(assert_return (invoke "in-a-loop" (i32.const 1000)) (i32.const 3397601))
(assert_return (invoke "conditional" (i32.const 0)) (i32.const 6))
(assert_trap (invoke "conditional" (i32.const 1)) "unreachable")
(assert_return (invoke "delegated") (i32.const 55))

;; Locals at handlers, tail calls in a try, traps, many values, and references.
(module
  (type $f (func (param i32) (result i32)))
  (tag $a (param i32)) (tag $wide (param v128 externref f32 i64 i32 f64 i64 funcref))
  (table funcref (elem $throws))
  (func $throws (type $f) (throw $a (local.get 0)))
  (func (export "locals") (param $at i32) (result i32) (local $x i32) (local $y i32)
    try
      i32.const 1 local.set $x
      local.get $at i32.const 1 i32.eq if i32.const 10 call $throws drop end
      i32.const 2 local.set $x i32.const 5 local.set $y
      local.get $at i32.const 2 i32.eq if i32.const 20 throw $a end
      loop $next
        local.get $x i32.const 3 i32.mul local.set $x
        local.get $x local.get $at i32.gt_s if i32.const 30 call $throws local.set $y end
        local.get $y i32.const 1 i32.add local.tee $y i32.const 9 i32.lt_s br_if $next
      end
    catch $a
      local.get $x i32.const 100 i32.mul i32.add local.set $x
    end
    local.get $x local.get $y i32.const 10000 i32.mul i32.add)
  (func $tail (param i32) (result i32)
    try (result i32) local.get 0 return_call $throws catch $a i32.const 1000 i32.add end)
  (func $tail-indirect (param i32) (result i32)
    try (result i32) local.get 0 i32.const 0 return_call_indirect (type $f)
    catch $a i32.const 1000 i32.add end)
  (func (export "tail") (result i32)
    try (result i32) i32.const 5 call $tail catch $a i32.const 1 i32.add end)
  (func (export "tail-indirect") (result i32)
    try (result i32) i32.const 5 call $tail-indirect catch $a i32.const 1 i32.add end)
  (func (export "trap") (result i32)
    try (result i32) i32.const 1 i32.const 0 i32.div_u catch $a catch_all i32.const 3 end)
  (func (export "unreachable") (result i32)
    try (result i32) unreachable catch_all i32.const 3 end)
  (func $endless (result i32)
    try (result i32) call $endless i32.const 1 i32.add catch_all i32.const 3 end)
  (export "exhaust" (func $endless))
  (func (export "wide") (param externref) (result externref i32)
    (local $f funcref) (local $i i32) (local $e externref)
    try
      (v128.const i32x4 1 2 3 4) local.get 0 f32.const 5 i64.const 6 i32.const 7 f64.const 8
      i64.const 9 ref.func $throws throw $wide
    catch $wide
      local.set $f i32.wrap_i64 local.set $i
      i32.trunc_f64_s local.get $i i32.add local.set $i
      local.get $i i32.add local.set $i
      i32.wrap_i64 local.get $i i32.add local.set $i
      i32.trunc_f32_s local.get $i i32.add local.set $i
      local.set $e
      i32x4.extract_lane 3 local.get $i i32.add local.set $i
    end
    local.get $e local.get $i)
  (func $deep (export "deep") (param $n i32) (result i32)
    local.get $n i32.eqz if i32.const 1 throw $a end
    try (result i32)
      local.get $n i32.const 1 i32.sub call $deep i32.const 1000000 i32.add
    catch $a
      local.get $n i32.add throw $a
    end))
(assert_return (invoke "locals" (i32.const 1)) (i32.const 110))
(assert_return (invoke "locals" (i32.const 2)) (i32.const 50220))
(assert_return (invoke "locals" (i32.const 20)) (i32.const 75430))
(assert_return (invoke "locals" (i32.const 2000)) (i32.const 90162))
(assert_return (invoke "tail") (i32.const 6))
(assert_return (invoke "tail-indirect") (i32.const 6))
(assert_trap (invoke "trap") "integer divide by zero")
(assert_trap (invoke "unreachable") "unreachable")
(assert_exhaustion (invoke "exhaust") "call stack exhausted")
(assert_return (invoke "wide" (ref.extern 3)) (ref.extern 3) (i32.const 39))
(assert_exception (invoke "deep" (i32.const 10)))

;; What is not valid.
(assert_invalid
  (module binary "\00asm\01\00\00\00\01\04\01\60\00\00\03\02\01\00\0a\07\01\05\00\06\40\09\00\0b\0b")
  "rethrow label")
(assert_invalid
  (module binary "\00asm\01\00\00\00\01\04\01\60\00\00\03\02\01\00\0a\06\01\04\00\09\00\0b")
  "rethrow label")
(assert_invalid
  (module binary "\00asm\01\00\00\00\01\04\01\60\00\00\03\02\01\00\0a\08\01\06\00\06\40\18\05\0b")
  "unknown label")
