; The counter goes down to zero, in steps that need not meet it, and so does the address. What the
; loop computed is used behind it.
; pass: loop-versions

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
  %24 = call i1 @smelt.version.1()
  %25 = and i1 true, %6
  %26 = and i1 %25, %15
  %27 = and i1 %26, %16
  %28 = and i1 %27, %24
  br i1 %28, label %version, label %loop

version:                                          ; preds = %checks
  %29 = add nuw nsw i64 %7, 1
  %30 = mul nuw nsw i64 %29, 1
  br label %version1

version1:                                         ; preds = %version1, %version
  %31 = phi i64 [ 0, %version ], [ %39, %version1 ]
  %32 = phi i32 [ 0, %version ], [ %36, %version1 ]
  %33 = mul nsw i64 %31, -4
  %34 = getelementptr nusw i8, ptr %19, i64 %33
  %35 = load i32, ptr %34, align 1
  %36 = add i32 %32, %35
  %37 = mul nsw i64 %31, -4
  %38 = getelementptr nusw i8, ptr %19, i64 %37
  store i32 %36, ptr %38, align 1
  %39 = add nuw nsw i64 %31, 1
  %40 = icmp eq i64 %39, %30
  br i1 %40, label %exit, label %version1, !llvm.loop !0

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
  br i1 %done, label %exit, label %loop, !llvm.loop !2

exit:                                             ; preds = %version1, %loop
  %total = phi i32 [ %more, %loop ], [ %36, %version1 ]
  %last = phi i32 [ %less, %loop ], [ %23, %version1 ]
  %result = xor i32 %total, %last
  ret i32 %result
}

declare i1 @smelt.version.1() #0

attributes #0 = { nounwind willreturn memory(none) }

!0 = distinct !{!0, !1}
!1 = !{!"smelt.version.1"}
!2 = distinct !{!2, !3, !4, !5}
!3 = !{!"llvm.loop.isvectorized", i32 1}
!4 = !{!"llvm.loop.unroll.disable"}
!5 = !{!"smelt.original.1"}
