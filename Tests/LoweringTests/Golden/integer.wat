;; Division and remainder check for zero and overflow; shifts mask their amount.
(module
  (func $divide (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func $divide_unsigned (param i64 i64) (result i64) (i64.div_u (local.get 0) (local.get 1)))
  (func $remainder (param i64 i64) (result i64) (i64.rem_s (local.get 0) (local.get 1)))
  (func $shift (param i32 i32) (result i32) (i32.shr_s (local.get 0) (local.get 1)))
  (func $rotate (param i64 i64) (result i64) (i64.rotl (local.get 0) (local.get 1)))
  (func $leading (param i32) (result i32) (i32.clz (local.get 0)))
  (func $extend (param i64) (result i64) (i64.extend16_s (local.get 0)))
  (func $branch (param i32 i32) (result i32)
    (if (result i32) (i32.lt_u (local.get 0) (local.get 1))
      (then (i32.const 1)) (else (i32.eqz (local.get 1))))))

;;; IR
define internal fastcc i32 @wasm.f0(i32 %0, i32 %1) {
entry:
  %2 = icmp eq i32 %1, 0
  br i1 %2, label %trap, label %3

3:                                                ; preds = %entry
  %4 = icmp eq i32 %0, -2147483648
  %5 = icmp eq i32 %1, -1
  %6 = and i1 %4, %5
  br i1 %6, label %trap1, label %7

7:                                                ; preds = %3
  %8 = sdiv i32 %0, %1
  ret i32 %8

trap:                                             ; preds = %entry
  call void @llvm.ubsantrap(i8 2)
  unreachable

trap1:                                            ; preds = %3
  call void @llvm.ubsantrap(i8 3)
  unreachable
}

define internal fastcc i64 @wasm.f1(i64 %0, i64 %1) {
entry:
  %2 = icmp eq i64 %1, 0
  br i1 %2, label %trap, label %3

3:                                                ; preds = %entry
  %4 = udiv i64 %0, %1
  ret i64 %4

trap:                                             ; preds = %entry
  call void @llvm.ubsantrap(i8 2)
  unreachable
}

define internal fastcc i64 @wasm.f2(i64 %0, i64 %1) {
entry:
  %2 = icmp eq i64 %1, 0
  br i1 %2, label %trap, label %3

3:                                                ; preds = %entry
  %4 = icmp eq i64 %1, -1
  %5 = select i1 %4, i64 1, i64 %1
  %6 = srem i64 %0, %5
  ret i64 %6

trap:                                             ; preds = %entry
  call void @llvm.ubsantrap(i8 2)
  unreachable
}

define internal fastcc i32 @wasm.f3(i32 %0, i32 %1) {
entry:
  %2 = and i32 %1, 31
  %3 = ashr i32 %0, %2
  ret i32 %3
}

define internal fastcc i64 @wasm.f4(i64 %0, i64 %1) {
entry:
  %2 = call i64 @llvm.fshl.i64(i64 %0, i64 %0, i64 %1)
  ret i64 %2
}

define internal fastcc i32 @wasm.f5(i32 %0) {
entry:
  %1 = call i32 @llvm.ctlz.i32(i32 %0, i1 false)
  ret i32 %1
}

define internal fastcc i64 @wasm.f6(i64 %0) {
entry:
  %1 = trunc i64 %0 to i16
  %2 = sext i16 %1 to i64
  ret i64 %2
}

define internal fastcc i32 @wasm.f7(i32 %0, i32 %1) {
entry:
  %2 = icmp ult i32 %0, %1
  %3 = zext i1 %2 to i32
  br i1 %2, label %then, label %else

then:                                             ; preds = %entry
  br label %end

else:                                             ; preds = %entry
  %4 = icmp eq i32 %1, 0
  %5 = zext i1 %4 to i32
  br label %end

end:                                              ; preds = %else, %then
  %6 = phi i32 [ 1, %then ], [ %5, %else ]
  ret i32 %6
}
