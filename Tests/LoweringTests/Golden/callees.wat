;; Where a table that nothing writes has few functions of a type, a call chooses between them; all
;; other entries trap. Types with subtypes, types of many functions and written tables are looked up.
(module
  (type $pair (func (param i32) (result i32 i64)))
  (type $open (sub (func (result i32))))
  (type $common (func (result f32)))
  (type $absent (func (param f64)))
  (table $constant funcref
    (elem $one $two $one $three $open $common1 $common2 $common3 $common4 $common5))
  (table $written 1 funcref)
  (func $one (type $pair) (local.get 0) (i64.const 1))
  (func $two (type $pair) (i32.const 2) (i64.const 2))
  (func $three (type $pair) (local.get 0) (i64.const 3))
  (func $open (type $open) (i32.const 0))
  (func $common1 (type $common) (f32.const 1))
  (func $common2 (type $common) (f32.const 2))
  (func $common3 (type $common) (f32.const 3))
  (func $common4 (type $common) (f32.const 4))
  (func $common5 (type $common) (f32.const 5))
  (func $chooses (param i32) (result i32 i64)
    (call_indirect $constant (type $pair) (i32.const 7) (local.get 0)))
  (func $tail (param i32) (result i32 i64)
    (return_call_indirect $constant (type $pair) (i32.const 7) (local.get 0)))
  (func $subtypes (result i32) (call_indirect $constant (type $open) (i32.const 0)))
  (func $many (param i32) (result f32)
    (call_indirect $constant (type $common) (local.get 0)))
  (func $nobody (param i32) (call_indirect $constant (type $absent) (f64.const 0) (local.get 0)))
  (func $changing (param i32) (result f32)
    (table.set $written (i32.const 0) (ref.null func))
    (call_indirect $written (type $common) (local.get 0))))

;;; IR
define internal tailcc { i32, i64 } @wasm.f0(i32 %0) {
entry:
  %1 = insertvalue { i32, i64 } poison, i32 %0, 0
  %2 = insertvalue { i32, i64 } %1, i64 1, 1
  ret { i32, i64 } %2
}

define internal tailcc { i32, i64 } @wasm.f1(i32 %0) {
entry:
  ret { i32, i64 } { i32 2, i64 2 }
}

define internal tailcc { i32, i64 } @wasm.f2(i32 %0) {
entry:
  %1 = insertvalue { i32, i64 } poison, i32 %0, 0
  %2 = insertvalue { i32, i64 } %1, i64 3, 1
  ret { i32, i64 } %2
}

define internal tailcc i32 @wasm.f3() {
entry:
  ret i32 0
}

define internal tailcc float @wasm.f4() {
entry:
  ret float 1.000000e+00
}

define internal tailcc float @wasm.f5() {
entry:
  ret float 2.000000e+00
}

define internal tailcc float @wasm.f6() {
entry:
  ret float 3.000000e+00
}

define internal tailcc float @wasm.f7() {
entry:
  ret float 4.000000e+00
}

define internal tailcc float @wasm.f8() {
entry:
  ret float 5.000000e+00
}

define internal tailcc { i32, i64 } @wasm.f9(i32 %0) {
entry:
  %1 = zext i32 %0 to i64
  switch i64 %1, label %other [
    i64 0, label %call
    i64 2, label %call
    i64 1, label %call1
    i64 3, label %call2
  ]

other:                                            ; preds = %entry
  %2 = icmp uge i64 %1, 10
  br i1 %2, label %trap, label %12

call:                                             ; preds = %entry, %entry
  %3 = notail call tailcc { i32, i64 } @wasm.f0(i32 7)
  %4 = extractvalue { i32, i64 } %3, 0
  %5 = extractvalue { i32, i64 } %3, 1
  br label %called

call1:                                            ; preds = %entry
  %6 = notail call tailcc { i32, i64 } @wasm.f1(i32 7)
  %7 = extractvalue { i32, i64 } %6, 0
  %8 = extractvalue { i32, i64 } %6, 1
  br label %called

call2:                                            ; preds = %entry
  %9 = notail call tailcc { i32, i64 } @wasm.f2(i32 7)
  %10 = extractvalue { i32, i64 } %9, 0
  %11 = extractvalue { i32, i64 } %9, 1
  br label %called

12:                                               ; preds = %other
  %13 = mul i64 %1, 16
  %14 = getelementptr i8, ptr @smelt_table_0_calls, i64 %13
  %15 = load i32, ptr %14, align 8
  %16 = icmp eq i32 %15, 1
  br i1 %16, label %18, label %wrong

wrong:                                            ; preds = %12
  %17 = icmp eq i32 %15, 0
  br i1 %17, label %trap3, label %21

18:                                               ; preds = %12
  %19 = getelementptr i8, ptr %14, i64 8
  %20 = load ptr, ptr %19, align 8
  unreachable

21:                                               ; preds = %wrong
  br label %trap4

called:                                           ; preds = %call2, %call1, %call
  %22 = phi i32 [ %4, %call ], [ %7, %call1 ], [ %10, %call2 ]
  %23 = phi i64 [ %5, %call ], [ %8, %call1 ], [ %11, %call2 ]
  %24 = insertvalue { i32, i64 } poison, i32 %22, 0
  %25 = insertvalue { i32, i64 } %24, i64 %23, 1
  ret { i32, i64 } %25

trap:                                             ; preds = %other
  call void @llvm.ubsantrap(i8 7)
  unreachable

trap3:                                            ; preds = %wrong
  call void @llvm.ubsantrap(i8 8)
  unreachable

trap4:                                            ; preds = %21
  call void @llvm.ubsantrap(i8 9)
  unreachable
}

define internal tailcc { i32, i64 } @wasm.f10(i32 %0) {
entry:
  %1 = zext i32 %0 to i64
  switch i64 %1, label %other [
    i64 0, label %call
    i64 2, label %call
    i64 1, label %call1
    i64 3, label %call2
  ]

other:                                            ; preds = %entry
  %2 = icmp uge i64 %1, 10
  br i1 %2, label %trap, label %6

call:                                             ; preds = %entry, %entry
  %3 = musttail call tailcc { i32, i64 } @wasm.f0(i32 7)
  ret { i32, i64 } %3

call1:                                            ; preds = %entry
  %4 = musttail call tailcc { i32, i64 } @wasm.f1(i32 7)
  ret { i32, i64 } %4

call2:                                            ; preds = %entry
  %5 = musttail call tailcc { i32, i64 } @wasm.f2(i32 7)
  ret { i32, i64 } %5

6:                                                ; preds = %other
  %7 = mul i64 %1, 16
  %8 = getelementptr i8, ptr @smelt_table_0_calls, i64 %7
  %9 = load i32, ptr %8, align 8
  %10 = icmp eq i32 %9, 1
  br i1 %10, label %12, label %wrong

wrong:                                            ; preds = %6
  %11 = icmp eq i32 %9, 0
  br i1 %11, label %trap3, label %15

12:                                               ; preds = %6
  %13 = getelementptr i8, ptr %8, i64 8
  %14 = load ptr, ptr %13, align 8
  unreachable

15:                                               ; preds = %wrong
  br label %trap4

trap:                                             ; preds = %other
  call void @llvm.ubsantrap(i8 7)
  unreachable

trap3:                                            ; preds = %wrong
  call void @llvm.ubsantrap(i8 8)
  unreachable

trap4:                                            ; preds = %15
  call void @llvm.ubsantrap(i8 9)
  unreachable
}

define internal tailcc i32 @wasm.f11() {
entry:
  %0 = load i32, ptr @smelt_table_0_calls, align 8
  %1 = icmp eq i32 %0, 2
  br i1 %1, label %3, label %wrong

wrong:                                            ; preds = %entry
  %2 = icmp eq i32 %0, 0
  br i1 %2, label %trap, label %6

3:                                                ; preds = %9, %entry
  %4 = load ptr, ptr getelementptr (i8, ptr @smelt_table_0_calls, i64 8), align 8
  %5 = notail call tailcc i32 %4()
  ret i32 %5

6:                                                ; preds = %wrong
  %7 = call i32 @smelt_type_is_subtype(i32 %0, i32 2)
  %8 = icmp eq i32 %7, 0
  br i1 %8, label %trap1, label %9

9:                                                ; preds = %6
  br label %3

trap:                                             ; preds = %wrong
  call void @llvm.ubsantrap(i8 8)
  unreachable

trap1:                                            ; preds = %6
  call void @llvm.ubsantrap(i8 9)
  unreachable
}

define internal tailcc float @wasm.f12(i32 %0) {
entry:
  %1 = zext i32 %0 to i64
  %2 = icmp uge i64 %1, 10
  br i1 %2, label %trap, label %3

3:                                                ; preds = %entry
  %4 = mul i64 %1, 16
  %5 = getelementptr i8, ptr @smelt_table_0_calls, i64 %4
  %6 = load i32, ptr %5, align 8
  %7 = icmp eq i32 %6, 3
  br i1 %7, label %9, label %wrong

wrong:                                            ; preds = %3
  %8 = icmp eq i32 %6, 0
  br i1 %8, label %trap1, label %13

9:                                                ; preds = %3
  %10 = getelementptr i8, ptr %5, i64 8
  %11 = load ptr, ptr %10, align 8
  %12 = notail call tailcc float %11()
  ret float %12

13:                                               ; preds = %wrong
  br label %trap2

trap:                                             ; preds = %entry
  call void @llvm.ubsantrap(i8 7)
  unreachable

trap1:                                            ; preds = %wrong
  call void @llvm.ubsantrap(i8 8)
  unreachable

trap2:                                            ; preds = %13
  call void @llvm.ubsantrap(i8 9)
  unreachable
}

define internal tailcc void @wasm.f13(i32 %0) {
entry:
  %1 = zext i32 %0 to i64
  %2 = icmp uge i64 %1, 10
  br i1 %2, label %trap, label %3

3:                                                ; preds = %entry
  %4 = mul i64 %1, 16
  %5 = getelementptr i8, ptr @smelt_table_0_calls, i64 %4
  %6 = load i32, ptr %5, align 8
  %7 = icmp eq i32 %6, 4
  br i1 %7, label %9, label %wrong

wrong:                                            ; preds = %3
  %8 = icmp eq i32 %6, 0
  br i1 %8, label %trap1, label %12

9:                                                ; preds = %3
  %10 = getelementptr i8, ptr %5, i64 8
  %11 = load ptr, ptr %10, align 8
  notail call tailcc void %11(double 0.000000e+00)
  ret void

12:                                               ; preds = %wrong
  br label %trap2

trap:                                             ; preds = %entry
  call void @llvm.ubsantrap(i8 7)
  unreachable

trap1:                                            ; preds = %wrong
  call void @llvm.ubsantrap(i8 8)
  unreachable

trap2:                                            ; preds = %12
  call void @llvm.ubsantrap(i8 9)
  unreachable
}

define internal tailcc float @wasm.f14(i32 %0) {
entry:
  %1 = load i64, ptr getelementptr (i8, ptr @smelt_table_1, i64 8), align 8
  %2 = icmp uge i64 0, %1
  br i1 %2, label %trap, label %3

3:                                                ; preds = %entry
  %4 = load ptr, ptr @smelt_table_1, align 8
  %5 = getelementptr i8, ptr %4, i64 0
  store ptr null, ptr %5, align 8
  %6 = zext i32 %0 to i64
  %7 = load i64, ptr getelementptr (i8, ptr @smelt_table_1, i64 8), align 8
  %8 = icmp uge i64 %6, %7
  br i1 %8, label %trap1, label %9

9:                                                ; preds = %3
  %10 = load ptr, ptr @smelt_table_1, align 8
  %11 = mul i64 %6, 8
  %12 = getelementptr i8, ptr %10, i64 %11
  %13 = load ptr, ptr %12, align 8
  %14 = icmp eq ptr %13, null
  br i1 %14, label %trap2, label %15

15:                                               ; preds = %9
  %16 = getelementptr i8, ptr %13, i64 16
  %17 = load i32, ptr %16, align 4
  %18 = icmp eq i32 %17, 3
  br i1 %18, label %20, label %wrong

wrong:                                            ; preds = %15
  %19 = icmp eq i32 %17, 0
  br i1 %19, label %trap2, label %24

20:                                               ; preds = %15
  %21 = getelementptr i8, ptr %13, i64 0
  %22 = load ptr, ptr %21, align 8
  %23 = notail call tailcc float %22()
  ret float %23

24:                                               ; preds = %wrong
  br label %trap3

trap:                                             ; preds = %entry
  call void @llvm.ubsantrap(i8 6)
  unreachable

trap1:                                            ; preds = %3
  call void @llvm.ubsantrap(i8 7)
  unreachable

trap2:                                            ; preds = %wrong, %9
  call void @llvm.ubsantrap(i8 8)
  unreachable

trap3:                                            ; preds = %24
  call void @llvm.ubsantrap(i8 9)
  unreachable
}
