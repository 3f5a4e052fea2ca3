;; In a module with tail calls, arguments that have no registers go through memory: integers from the
;; seventh on, floats and vectors from the ninth.
(module
  (memory 1)
  (type $many
    (func (param i32 i64 i64 i64 i64 i32 i32 i64)
      (param f32 f64 f64 f64 f64 f64 f64 f64 v128 f32) (result f32)))
  (table 2 funcref)
  (elem (i32.const 0) $take $hand_on)
  (func $take (type $many)
    (f32.add (local.get 17)
      (f32.convert_i32_s (i32.add (local.get 6) (i32x4.extract_lane 1 (local.get 16))))))
  (func $hand_on (type $many)
    (return_call $take
      (local.get 6) (local.get 7) (local.get 4) (local.get 3) (local.get 2) (local.get 0)
      (i32.wrap_i64 (local.get 7)) (local.get 1)
      (local.get 17) (local.get 9) (local.get 10) (local.get 11) (local.get 12)
      (local.get 13) (local.get 14) (local.get 15) (local.get 16) (local.get 8)))
  ;; Results beyond registers: the address of their memory is an integer, too, and is handed on.
  (func $six (param i32 i32 i32 i32 i32 i32) (result i64 i64 i64 i32)
    (i64.const 1) (i64.const 2) (i64.const 3) (local.get 5))
  (func $tail (param i32 i32 i32 i32 i32 i32) (result i64 i64 i64 i32)
    (return_call $six
      (local.get 5) (local.get 4) (local.get 3) (local.get 2) (local.get 1) (local.get 0)))
  (func (export "_start") (local i32)
    (call $tail
      (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4) (i32.const 5) (i32.const 6))
    (local.set 0) drop drop drop
    (f32.store (i32.const 0)
      (call_indirect (type $many)
        (i32.const 1) (i64.const 2) (i64.const 3) (i64.const 4) (i64.const 5) (i32.const 6)
        (i32.const 7) (i64.const 8)
        (f32.const 1) (f64.const 2) (f64.const 3) (f64.const 4) (f64.const 5) (f64.const 6)
        (f64.const 7) (f64.const 8) (v128.const i32x4 1 2 3 4) (f32.const 9)
        (local.get 0)))))

;;; IR
define internal tailcc float @wasm.f0(i32 %0, i64 %1, i64 %2, i64 %3, i64 %4, i32 %5, float %6, double %7, double %8, double %9, double %10, double %11, double %12, double %13) {
entry:
  %14 = load i32, ptr @smelt_arguments, align 8
  %15 = load i64, ptr getelementptr (i8, ptr @smelt_arguments, i64 8), align 8
  %16 = load <16 x i8>, ptr getelementptr (i8, ptr @smelt_arguments, i64 16), align 8
  %17 = load float, ptr getelementptr (i8, ptr @smelt_arguments, i64 32), align 8
  %18 = bitcast <16 x i8> %16 to <4 x i32>
  %19 = extractelement <4 x i32> %18, i32 1
  %20 = add i32 %14, %19
  %21 = sitofp i32 %20 to float
  %22 = fadd float %17, %21
  ret float %22
}

define internal tailcc float @wasm.f1(i32 %0, i64 %1, i64 %2, i64 %3, i64 %4, i32 %5, float %6, double %7, double %8, double %9, double %10, double %11, double %12, double %13) {
entry:
  %14 = load i32, ptr @smelt_arguments, align 8
  %15 = load i64, ptr getelementptr (i8, ptr @smelt_arguments, i64 8), align 8
  %16 = load <16 x i8>, ptr getelementptr (i8, ptr @smelt_arguments, i64 16), align 8
  %17 = load float, ptr getelementptr (i8, ptr @smelt_arguments, i64 32), align 8
  %18 = trunc i64 %15 to i32
  store i32 %18, ptr @smelt_arguments, align 8
  store i64 %1, ptr getelementptr (i8, ptr @smelt_arguments, i64 8), align 8
  store <16 x i8> %16, ptr getelementptr (i8, ptr @smelt_arguments, i64 16), align 8
  store float %6, ptr getelementptr (i8, ptr @smelt_arguments, i64 32), align 8
  %19 = musttail call tailcc float @wasm.f0(i32 %14, i64 %15, i64 %4, i64 %3, i64 %2, i32 %0, float %17, double %7, double %8, double %9, double %10, double %11, double %12, double %13)
  ret float %19
}

define internal tailcc void @wasm.f2(ptr dereferenceable(32) %0, i32 %1, i32 %2, i32 %3, i32 %4, i32 %5) {
entry:
  %6 = load i32, ptr @smelt_arguments, align 8
  %7 = getelementptr i8, ptr %0, i64 0
  store i64 1, ptr %7, align 8
  %8 = getelementptr i8, ptr %0, i64 8
  store i64 2, ptr %8, align 8
  %9 = getelementptr i8, ptr %0, i64 16
  store i64 3, ptr %9, align 8
  %10 = getelementptr i8, ptr %0, i64 24
  store i32 %6, ptr %10, align 8
  ret void
}

define internal tailcc void @wasm.f3(ptr dereferenceable(32) %0, i32 %1, i32 %2, i32 %3, i32 %4, i32 %5) {
entry:
  %6 = load i32, ptr @smelt_arguments, align 8
  store i32 %1, ptr @smelt_arguments, align 8
  musttail call tailcc void @wasm.f2(ptr %0, i32 %6, i32 %5, i32 %4, i32 %3, i32 %2)
  ret void
}

define internal tailcc void @wasm.f4() {
entry:
  %0 = alloca { i64, i64, i64, i32 }, align 8
  store i32 6, ptr @smelt_arguments, align 8
  notail call tailcc void @wasm.f3(ptr %0, i32 1, i32 2, i32 3, i32 4, i32 5)
  %1 = getelementptr i8, ptr %0, i64 0
  %2 = load i64, ptr %1, align 8
  %3 = getelementptr i8, ptr %0, i64 8
  %4 = load i64, ptr %3, align 8
  %5 = getelementptr i8, ptr %0, i64 16
  %6 = load i64, ptr %5, align 8
  %7 = getelementptr i8, ptr %0, i64 24
  %8 = load i32, ptr %7, align 8
  %9 = zext i32 %8 to i64
  switch i64 %9, label %other [
    i64 0, label %call
    i64 1, label %call1
  ]

other:                                            ; preds = %entry
  %10 = icmp uge i64 %9, 2
  br i1 %10, label %trap, label %13

call:                                             ; preds = %entry
  store i32 7, ptr @smelt_arguments, align 8
  store i64 8, ptr getelementptr (i8, ptr @smelt_arguments, i64 8), align 8
  store <16 x i8> <i8 1, i8 0, i8 0, i8 0, i8 2, i8 0, i8 0, i8 0, i8 3, i8 0, i8 0, i8 0, i8 4, i8 0, i8 0, i8 0>, ptr getelementptr (i8, ptr @smelt_arguments, i64 16), align 8
  store float 9.000000e+00, ptr getelementptr (i8, ptr @smelt_arguments, i64 32), align 8
  %11 = notail call tailcc float @wasm.f0(i32 1, i64 2, i64 3, i64 4, i64 5, i32 6, float 1.000000e+00, double 2.000000e+00, double 3.000000e+00, double 4.000000e+00, double 5.000000e+00, double 6.000000e+00, double 7.000000e+00, double 8.000000e+00)
  br label %called

call1:                                            ; preds = %entry
  store i32 7, ptr @smelt_arguments, align 8
  store i64 8, ptr getelementptr (i8, ptr @smelt_arguments, i64 8), align 8
  store <16 x i8> <i8 1, i8 0, i8 0, i8 0, i8 2, i8 0, i8 0, i8 0, i8 3, i8 0, i8 0, i8 0, i8 4, i8 0, i8 0, i8 0>, ptr getelementptr (i8, ptr @smelt_arguments, i64 16), align 8
  store float 9.000000e+00, ptr getelementptr (i8, ptr @smelt_arguments, i64 32), align 8
  %12 = notail call tailcc float @wasm.f1(i32 1, i64 2, i64 3, i64 4, i64 5, i32 6, float 1.000000e+00, double 2.000000e+00, double 3.000000e+00, double 4.000000e+00, double 5.000000e+00, double 6.000000e+00, double 7.000000e+00, double 8.000000e+00)
  br label %called

13:                                               ; preds = %other
  %14 = mul i64 %9, 16
  %15 = getelementptr i8, ptr @smelt_table_0_calls, i64 %14
  %16 = load i32, ptr %15, align 8
  %17 = icmp eq i32 %16, 1
  br i1 %17, label %19, label %wrong

wrong:                                            ; preds = %13
  %18 = icmp eq i32 %16, 0
  br i1 %18, label %trap2, label %22

19:                                               ; preds = %13
  %20 = getelementptr i8, ptr %15, i64 8
  %21 = load ptr, ptr %20, align 8
  unreachable

22:                                               ; preds = %wrong
  br label %trap3

called:                                           ; preds = %call1, %call
  %23 = phi float [ %11, %call ], [ %12, %call1 ]
  store float %23, ptr @smelt_memory_0_base, align 1
  ret void

trap:                                             ; preds = %other
  call void @llvm.ubsantrap(i8 7)
  unreachable

trap2:                                            ; preds = %wrong
  call void @llvm.ubsantrap(i8 8)
  unreachable

trap3:                                            ; preds = %22
  call void @llvm.ubsantrap(i8 9)
  unreachable
}
