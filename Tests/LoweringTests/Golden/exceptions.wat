(module
  (tag $e (param i32 i64))
  (tag $f)

  (func $may_throw (param i32)
    (if (local.get 0) (then (throw $e (i32.const 1) (i64.const 2)))))

  (func $throws_nothing (param i32) (result i32) (local.get 0))

  ;; A clause for a tag, one for all, and what is for neither: the locals are those of the call.
  (func $clauses (param i32) (result i32)
    (local $step i32)
    (block $other
      (block $caught (result i32 i64)
        (try_table (catch $e $caught) (catch_all $other)
          (call $may_throw (local.get 0))
          (local.set $step (call $throws_nothing (i32.const 1)))
          (call $may_throw (local.get $step)))
        (return (i32.const 0)))
      (drop)
      (return (i32.add (local.get $step))))
    (local.get $step))

  ;; Thrown and caught here: branches.
  (func $local (param i32) (result i32)
    (block $caught (result i32 i64)
      (try_table (catch $e $caught)
        (try_table (catch $f 0)
          (throw $e (local.get 0) (i64.const 3)))
        (unreachable))
      (unreachable))
    (drop))

  ;; Handed on, as it is.
  (func $again (param i32)
    (block $caught (result exnref)
      (try_table (catch_all_ref $caught) (call $may_throw (local.get 0)))
      (return))
    (throw_ref))

  ;; The frame of a tail call catches nothing.
  (func $tail (param i32)
    (try_table (catch_all 0) (return_call $may_throw (local.get 0)))))
