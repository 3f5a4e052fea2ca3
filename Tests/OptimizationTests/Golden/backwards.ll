; The counter goes down to zero, in steps that need not meet it, and so does the address. What the
; loop computed is used behind it.

@memory = external global [0 x i8]

define i32 @backwards(i32 %end, i32 %n) {
entry:
  br label %loop

loop:
  %left = phi i32 [ %n, %entry ], [ %less, %loop ]
  %sum = phi i32 [ 0, %entry ], [ %more, %loop ]
  %place = add i32 %end, %left
  %place64 = zext i32 %place to i64
  %p = getelementptr i8, ptr @memory, i64 %place64
  %word = load i32, ptr %p, align 1
  %more = add i32 %sum, %word
  store i32 %more, ptr %p, align 1
  %less = add i32 %left, -4
  %done = icmp eq i32 %less, 0
  br i1 %done, label %exit, label %loop

exit:
  %total = phi i32 [ %more, %loop ]
  %last = phi i32 [ %less, %loop ]
  %result = xor i32 %total, %last
  ret i32 %result
}

; What becomes of it:
define i32 @backwards(i32 %end, i32 %n) {
entry:
  %0 = add i32 %n, -4
  %1 = freeze i32 %0
  %2 = freeze i32 0
  %3 = sub i32 %1, %2
  %4 = zext i32 %3 to i64
  %5 = urem i64 %4, 4
  %6 = icmp eq i64 %5, 0
  %7 = udiv i64 %4, 4
  %8 = icmp uge i64 %7, 8
  br i1 %8, label %checks, label %loop

checks:                                           ; preds = %entry
  %9 = add i32 %end, %n
  %10 = freeze i32 %9
  %11 = zext i32 %10 to i64
  %12 = mul i64 %7, 4
  %13 = sub i64 %11, %12
  %14 = add i64 %11, 0
  %15 = icmp ule i64 %14, 4294967295
  %16 = icmp sge i64 %13, 0
  %17 = add i64 %13, 0
  %18 = add i64 %11, 4
  %19 = getelementptr i8, ptr @memory, i64 %11
  %20 = add i32 %n, -4
  %21 = trunc i64 %7 to i32
  %22 = mul i32 %21, -4
  %23 = add i32 %20, %22
  %24 = and i1 true, %6
  %25 = and i1 %24, %15
  %26 = and i1 %25, %16
  br i1 %26, label %version, label %loop

version:                                          ; preds = %checks
  %27 = add nuw nsw i64 %7, 1
  %28 = mul nuw nsw i64 %27, 1
  br label %version1

version1:                                         ; preds = %version1, %version
  %29 = phi i64 [ 0, %version ], [ %37, %version1 ]
  %30 = phi i32 [ 0, %version ], [ %34, %version1 ]
  %31 = mul nsw i64 %29, -4
  %32 = getelementptr nusw i8, ptr %19, i64 %31
  %33 = load i32, ptr %32, align 1
  %34 = add i32 %30, %33
  %35 = mul nsw i64 %29, -4
  %36 = getelementptr nusw i8, ptr %19, i64 %35
  store i32 %34, ptr %36, align 1
  %37 = add nuw nsw i64 %29, 1
  %38 = icmp eq i64 %37, %28
  br i1 %38, label %exit, label %version1

loop:                                             ; preds = %checks, %entry, %loop
  %left = phi i32 [ %n, %entry ], [ %less, %loop ], [ %n, %checks ]
  %sum = phi i32 [ 0, %entry ], [ %more, %loop ], [ 0, %checks ]
  %place = add i32 %end, %left
  %place64 = zext i32 %place to i64
  %p = getelementptr i8, ptr @memory, i64 %place64
  %word = load i32, ptr %p, align 1
  %more = add i32 %sum, %word
  store i32 %more, ptr %p, align 1
  %less = add i32 %left, -4
  %done = icmp eq i32 %less, 0
  br i1 %done, label %exit, label %loop, !llvm.loop !0

exit:                                             ; preds = %version1, %loop
  %total = phi i32 [ %more, %loop ], [ %34, %version1 ]
  %last = phi i32 [ %less, %loop ], [ %23, %version1 ]
  %result = xor i32 %total, %last
  ret i32 %result
}

!0 = distinct !{!0, !1, !2}
!1 = !{!"llvm.loop.isvectorized", i32 1}
!2 = !{!"llvm.loop.unroll.disable"}
