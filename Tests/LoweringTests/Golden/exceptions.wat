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

;;; IR
define internal tailcc void @wasm.f0(i32 %0) {
entry:
  %1 = icmp ne i32 %0, 0
  br i1 %1, label %then, label %else

then:                                             ; preds = %entry
  %2 = call ptr @smelt_exception_new(ptr @smelt_tag_0, i64 16)
  %3 = getelementptr i8, ptr %2, i64 16
  store i32 1, ptr %3, align 4
  %4 = getelementptr i8, ptr %2, i64 24
  store i64 2, ptr %4, align 8
  call void @smelt_throw(ptr %2)
  unreachable

else:                                             ; preds = %entry
  ret void
}

define internal tailcc i32 @wasm.f1(i32 %0) {
entry:
  ret i32 %0
}

define internal tailcc i32 @wasm.f2(i32 %0) {
entry:
  invoke tailcc void @wasm.f0(i32 %0)
          to label %1 unwind label %pad

1:                                                ; preds = %entry
  %2 = notail call tailcc i32 @wasm.f1(i32 1)
  invoke tailcc void @wasm.f0(i32 %2)
          to label %3 unwind label %pad

3:                                                ; preds = %1
  br label %end

pad:                                              ; preds = %1, %entry
  %4 = phi i32 [ 0, %entry ], [ %2, %1 ]
  %5 = landingpad { ptr, i32 }
          cleanup
  %6 = extractvalue { ptr, i32 } %5, 0
  %7 = getelementptr i8, ptr %6, i64 8
  %8 = load ptr, ptr %7, align 8
  %9 = icmp eq ptr %8, @smelt_tag_0
  br i1 %9, label %catch, label %other

catch:                                            ; preds = %pad
  %10 = getelementptr i8, ptr %6, i64 16
  %11 = load i32, ptr %10, align 4
  %12 = getelementptr i8, ptr %6, i64 24
  %13 = load i64, ptr %12, align 8
  br label %end1

other:                                            ; preds = %pad
  br label %end2

end:                                              ; preds = %3
  br label %end3

end1:                                             ; preds = %catch
  %14 = add i32 %11, %4
  br label %end3

end2:                                             ; preds = %other
  br label %end3

end3:                                             ; preds = %end2, %end1, %end
  %15 = phi i32 [ 0, %end ], [ %14, %end1 ], [ %4, %end2 ]
  ret i32 %15
}

define internal tailcc i32 @wasm.f3(i32 %0) {
entry:
  br label %end

end:                                              ; preds = %entry
  ret i32 %0
}

define internal tailcc void @wasm.f4(i32 %0) {
entry:
  invoke tailcc void @wasm.f0(i32 %0)
          to label %1 unwind label %pad

1:                                                ; preds = %entry
  br label %end

pad:                                              ; preds = %entry
  %2 = landingpad { ptr, i32 }
          cleanup
  %3 = extractvalue { ptr, i32 } %2, 0
  br label %end1

end:                                              ; preds = %1
  br label %end2

end1:                                             ; preds = %pad
  resume { ptr, i32 } %2

end2:                                             ; preds = %end
  ret void
}

define internal tailcc void @wasm.f5(i32 %0) {
entry:
  musttail call tailcc void @wasm.f0(i32 %0)
  ret void
}
