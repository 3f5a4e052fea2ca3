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

;;; IR
define internal fastcc void @wasm.f0(i32 %0) {
entry:
  %1 = icmp ne i32 %0, 0
  br i1 %1, label %then, label %else

then:                                             ; preds = %entry
  %2 = call ptr @smelt_exception_new(ptr @smelt_tag_0, i64 16)
  %3 = getelementptr i8, ptr %2, i64 16
  store i32 1, ptr %3, align 4
  call void @smelt_throw(ptr %2)
  unreachable

else:                                             ; preds = %entry
  ret void
}

define internal fastcc i32 @wasm.f1(i32 %0) {
entry:
  invoke fastcc void @wasm.f0(i32 %0)
          to label %1 unwind label %pad

1:                                                ; preds = %entry
  invoke fastcc void @wasm.f0(i32 %0)
          to label %2 unwind label %pad

2:                                                ; preds = %1
  br label %end

pad:                                              ; preds = %1, %entry
  %3 = phi i32 [ 0, %entry ], [ 1, %1 ]
  %4 = landingpad { ptr, i32 }
          cleanup
  %5 = extractvalue { ptr, i32 } %4, 0
  %6 = getelementptr i8, ptr %5, i64 8
  %7 = load ptr, ptr %6, align 8
  %8 = icmp eq ptr %7, @smelt_tag_0
  br i1 %8, label %catch, label %other

catch:                                            ; preds = %pad
  %9 = getelementptr i8, ptr %5, i64 16
  %10 = load i32, ptr %9, align 4
  %11 = add i32 %10, %3
  br label %end

other:                                            ; preds = %pad
  %12 = getelementptr i8, ptr %5, i64 8
  %13 = load ptr, ptr %12, align 8
  %14 = icmp eq ptr %13, @smelt_tag_1
  br i1 %14, label %catch1, label %other2

catch1:                                           ; preds = %other
  br label %end

other2:                                           ; preds = %other
  resume { ptr, i32 } %4

end:                                              ; preds = %catch1, %catch, %2
  %15 = phi i32 [ 0, %2 ], [ %11, %catch ], [ 2, %catch1 ]
  %16 = phi i32 [ 1, %2 ], [ %3, %catch ], [ %3, %catch1 ]
  ret i32 %15
}

define internal fastcc void @wasm.f2(i32 %0) {
entry:
  invoke fastcc void @wasm.f0(i32 %0)
          to label %1 unwind label %pad

1:                                                ; preds = %entry
  br label %end

pad:                                              ; preds = %entry
  %2 = landingpad { ptr, i32 }
          cleanup
  %3 = extractvalue { ptr, i32 } %2, 0
  br label %thrown

end:                                              ; preds = %1
  br label %end1

thrown:                                           ; preds = %pad
  br label %end1

end1:                                             ; preds = %thrown, %end
  invoke fastcc void @wasm.f0(i32 %0)
          to label %4 unwind label %pad2

4:                                                ; preds = %end1
  br label %end3

pad2:                                             ; preds = %end1
  %5 = landingpad { ptr, i32 }
          cleanup
  %6 = extractvalue { ptr, i32 } %5, 0
  resume { ptr, i32 } %5

end3:                                             ; preds = %4
  br label %end4

end4:                                             ; preds = %end3
  ret void
}

define internal fastcc i32 @wasm.f3(i32 %0) {
entry:
  br label %end

end:                                              ; preds = %entry
  ret i32 %0
}
