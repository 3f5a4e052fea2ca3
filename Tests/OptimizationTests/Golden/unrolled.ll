; Two copies of one body: a[i] = (i + 1) * x. The first has an `or` where the second has a sum. One
; copy remains, and it adds.
; pass: loop-versions

@memory = external global [0 x i8]

define void @unrolled(i32 %a, i32 %x, i32 %n) {
entry:
  br label %loop

loop:
  %i = phi i32 [ 0, %entry ], [ %i2, %loop ]
  %bytes = shl i32 %i, 2
  %place = add i32 %a, %bytes
  %i1 = or disjoint i32 %i, 1
  %product = mul i32 %i1, %x
  %place64 = zext i32 %place to i64
  %p = getelementptr i8, ptr @memory, i64 %place64
  store i32 %product, ptr %p, align 1
  %second = add i32 %place, 4
  %i2 = add i32 %i, 2
  %product2 = mul i32 %i2, %x
  %second64 = zext i32 %second to i64
  %q = getelementptr i8, ptr @memory, i64 %second64
  store i32 %product2, ptr %q, align 1
  %again = icmp slt i32 %i2, %n
  br i1 %again, label %loop, label %exit

exit:
  ret void
}

; What becomes of it:
define void @unrolled(i32 %a, i32 %x, i32 %n) {
entry:
  %0 = freeze i32 2
  %1 = freeze i32 %n
  %2 = xor i32 %0, -2147483648
  %3 = zext i32 %2 to i64
  %4 = xor i32 %1, -2147483648
  %5 = zext i32 %4 to i64
  %6 = add i64 %5, 1
  %7 = icmp ult i64 %6, 4294967296
  %8 = sub i64 %6, %3
  %9 = udiv i64 %8, 2
  %10 = icmp ult i64 %3, %5
  %11 = select i1 %10, i64 %9, i64 0
  %12 = icmp uge i64 %11, 4
  br i1 %12, label %checks, label %loop

checks:                                           ; preds = %entry
  %13 = mul i64 %11, 2
  %14 = add i64 %13, 1
  %15 = freeze i32 %a
  %16 = zext i32 %15 to i64
  %17 = mul i64 %14, 4
  %18 = add i64 %16, %17
  %19 = add i64 %18, 0
  %20 = icmp ule i64 %19, 4294967295
  %21 = add i64 %16, 0
  %22 = add i64 %18, 4
  %23 = getelementptr i8, ptr @memory, i64 %16
  %24 = call i1 @smelt.version.1()
  %25 = and i1 true, %7
  %26 = and i1 %25, %20
  %27 = and i1 %26, %24
  br i1 %27, label %version, label %loop

version:                                          ; preds = %checks
  %28 = add nuw nsw i64 %11, 1
  %29 = mul nuw nsw i64 %28, 2
  br label %version1

version1:                                         ; preds = %version1, %version
  %30 = phi i64 [ 0, %version ], [ %37, %version1 ]
  %31 = phi i32 [ 0, %version ], [ %36, %version1 ]
  %32 = add i32 %31, 1
  %33 = mul i32 %32, %x
  %34 = mul nuw nsw i64 %30, 4
  %35 = getelementptr nusw nuw i8, ptr %23, i64 %34
  store i32 %33, ptr %35, align 1
  %36 = add i32 %31, 1
  %37 = add nuw nsw i64 %30, 1
  %38 = icmp eq i64 %37, %29
  br i1 %38, label %exit, label %version1, !llvm.loop !0

loop:                                             ; preds = %checks, %entry, %loop
  %i = phi i32 [ 0, %entry ], [ %i2, %loop ], [ 0, %checks ]
  %bytes = shl i32 %i, 2
  %place = add i32 %a, %bytes
  %i1 = or disjoint i32 %i, 1
  %product = mul i32 %i1, %x
  %place64 = zext i32 %place to i64
  %p = getelementptr i8, ptr @memory, i64 %place64
  store i32 %product, ptr %p, align 1
  %second = add i32 %place, 4
  %i2 = add i32 %i, 2
  %product2 = mul i32 %i2, %x
  %second64 = zext i32 %second to i64
  %q = getelementptr i8, ptr @memory, i64 %second64
  store i32 %product2, ptr %q, align 1
  %again = icmp slt i32 %i2, %n
  br i1 %again, label %loop, label %exit, !llvm.loop !2

exit:                                             ; preds = %version1, %loop
  ret void
}

declare i1 @smelt.version.1() #0

attributes #0 = { nounwind willreturn memory(none) }

!0 = distinct !{!0, !1}
!1 = !{!"smelt.version.1"}
!2 = distinct !{!2, !3, !4, !5}
!3 = !{!"llvm.loop.isvectorized", i32 1}
!4 = !{!"llvm.loop.unroll.disable"}
!5 = !{!"smelt.original.1"}
