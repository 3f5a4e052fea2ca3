;; Operations that LLVM would fold to an operand must still make a signalling NaN quiet.
(module
  (func $times_one (param f64) (result f64) (f64.mul (local.get 0) (f64.const 1)))
  (func $times_two (param f64) (result f64) (f64.mul (local.get 0) (f64.const 2)))
  (func $minus_zero (param f32) (result f32) (f32.sub (local.get 0) (f32.const 0)))
  (func $demote_promote (param f32) (result f32)
    (f32.demote_f64 (f64.promote_f32 (local.get 0))))
  (func $minimum (param f64 f64) (result f64) (f64.min (local.get 0) (local.get 1)))
  (func $nearest (param f32) (result f32) (f32.nearest (local.get 0)))
  (func $not_equal (param f32 f32) (result i32) (f32.ne (local.get 0) (local.get 1)))
  (func $truncate (param f64) (result i32) (i32.trunc_f64_s (local.get 0)))
  (func $truncate_unsigned (param f32) (result i64) (i64.trunc_f32_u (local.get 0)))
  (func $saturate (param f32) (result i32) (i32.trunc_sat_f32_u (local.get 0))))

;;; IR
define internal fastcc double @wasm.f0(double %0) {
entry:
  %1 = fmul double %0, 1.000000e+00
  %2 = call double @llvm.canonicalize.f64(double %1)
  ret double %2
}

define internal fastcc double @wasm.f1(double %0) {
entry:
  %1 = fmul double %0, 2.000000e+00
  ret double %1
}

define internal fastcc float @wasm.f2(float %0) {
entry:
  %1 = fsub float %0, 0.000000e+00
  %2 = call float @llvm.canonicalize.f32(float %1)
  ret float %2
}

define internal fastcc float @wasm.f3(float %0) {
entry:
  %1 = fpext float %0 to double
  %2 = fptrunc double %1 to float
  %3 = call float @llvm.canonicalize.f32(float %2)
  ret float %3
}

define internal fastcc double @wasm.f4(double %0, double %1) {
entry:
  %2 = call nnan double @llvm.minimum.f64(double %0, double %1)
  %3 = fcmp uno double %0, %1
  %4 = fadd double %0, %1
  %5 = select i1 %3, double %4, double %2
  ret double %5
}

define internal fastcc float @wasm.f5(float %0) {
entry:
  %1 = call float @llvm.roundeven.f32(float %0)
  ret float %1
}

define internal fastcc i32 @wasm.f6(float %0, float %1) {
entry:
  %2 = fcmp une float %0, %1
  %3 = zext i1 %2 to i32
  ret i32 %3
}

define internal fastcc i32 @wasm.f7(double %0) {
entry:
  %1 = fcmp uno double %0, %0
  br i1 %1, label %trap, label %2

2:                                                ; preds = %entry
  %3 = fcmp ole double %0, 0xC1E0000000200000
  %4 = fcmp oge double %0, 0x41E0000000000000
  %5 = or i1 %3, %4
  br i1 %5, label %trap1, label %6

6:                                                ; preds = %2
  %7 = fptosi double %0 to i32
  ret i32 %7

trap1:                                            ; preds = %2
  call void @llvm.ubsantrap(i8 3)
  unreachable

trap:                                             ; preds = %entry
  call void @llvm.ubsantrap(i8 4)
  unreachable
}

define internal fastcc i64 @wasm.f8(float %0) {
entry:
  %1 = fcmp uno float %0, %0
  br i1 %1, label %trap, label %2

2:                                                ; preds = %entry
  %3 = fcmp ole float %0, -1.000000e+00
  %4 = fcmp oge float %0, 0x43F0000000000000
  %5 = or i1 %3, %4
  br i1 %5, label %trap1, label %6

6:                                                ; preds = %2
  %7 = fptoui float %0 to i64
  ret i64 %7

trap1:                                            ; preds = %2
  call void @llvm.ubsantrap(i8 3)
  unreachable

trap:                                             ; preds = %entry
  call void @llvm.ubsantrap(i8 4)
  unreachable
}

define internal fastcc i32 @wasm.f9(float %0) {
entry:
  %1 = call i32 @llvm.fptoui.sat.i32.f32(float %0)
  ret i32 %1
}
