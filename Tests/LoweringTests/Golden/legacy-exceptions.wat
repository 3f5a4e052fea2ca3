(module
  (tag $e (param i32))
  (tag $f)

  (func $may_throw (param i32)
    (if (local.get 0) (then (throw $e (i32.const 1)))))

  (func $handlers (param i32) (result i32)
    (local $step i32)
    try (result i32)
      (call $may_throw (local.get 0))
      (local.set $step (i32.const 1))
      (call $may_throw (local.get 0))
      (i32.const 0)
    catch $e
      (i32.add (local.get $step))
    catch $f
      (i32.const 2)
    catch_all
      rethrow 0
    end)

  (func $delegates (param i32)
    try
      try
        (call $may_throw (local.get 0))
      delegate 0
    catch_all
    end
    try
      try
        (call $may_throw (local.get 0))
      delegate 1
    catch_all
    end)

  (func $nothing_thrown (param i32) (result i32)
    try (result i32)
      (local.get 0)
    catch $e
    catch_all
      (i32.const 1)
    end))
