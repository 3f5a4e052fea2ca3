; Bytes are compared with a parameter, which may be anything: as bytes, with the largest or the
; smallest that it can be for them.
; pass: loop-versions

@memory = external global [0 x i8]

define void @threshold(i32 %to, i32 %limit, i32 %n) {
entry:
  br label %loop

loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %place = add i32 %to, %i
  %place64 = zext i32 %place to i64
  %a = getelementptr i8, ptr @memory, i64 %place64
  %byte = load i8, ptr %a, align 1
  %wide = zext i8 %byte to i32
  %above = icmp ugt i32 %wide, %limit
  %below = icmp sgt i32 %limit, %wide
  %either = or i1 %above, %below
  %value = select i1 %either, i8 0, i8 %byte
  store i8 %value, ptr %a, align 1
  %next = add i32 %i, 1
  %again = icmp ult i32 %next, %n
  br i1 %again, label %loop, label %exit

exit:
  ret void
}

; What becomes of it:
define void @threshold(i32 %to, i32 %limit, i32 %n) {
entry:
  %0 = freeze i32 %limit
  %1 = call i32 @llvm.umin.i32(i32 %0, i32 255)
  %2 = trunc i32 %1 to i8
  %3 = freeze i32 %limit
  %4 = icmp sgt i32 %3, 0
  %5 = sub i32 %3, 1
  %6 = call i32 @llvm.umin.i32(i32 %5, i32 255)
  %7 = trunc i32 %6 to i8
  %8 = freeze i32 1
  %9 = freeze i32 %n
  %10 = zext i32 %8 to i64
  %11 = zext i32 %9 to i64
  %12 = add i64 %11, 0
  %13 = icmp ult i64 %12, 4294967296
  %14 = sub i64 %12, %10
  %15 = icmp ult i64 %10, %11
  %16 = select i1 %15, i64 %14, i64 0
  %17 = icmp uge i64 %16, 8
  br i1 %17, label %checks, label %loop

checks:                                           ; preds = %entry
  %18 = freeze i32 %to
  %19 = zext i32 %18 to i64
  %20 = mul i64 %16, 1
  %21 = add i64 %19, %20
  %22 = add i64 %21, 0
  %23 = icmp ule i64 %22, 4294967295
  %24 = add i64 %19, 0
  %25 = add i64 %21, 1
  %26 = getelementptr i8, ptr @memory, i64 %19
  %27 = call i1 @smelt.version.1()
  %28 = and i1 true, %13
  %29 = and i1 %28, %23
  %30 = and i1 %29, %27
  br i1 %30, label %version, label %loop

version:                                          ; preds = %checks
  %31 = add nuw nsw i64 %16, 1
  %32 = mul nuw nsw i64 %31, 1
  br label %version1

version1:                                         ; preds = %version1, %version
  %33 = phi i64 [ 0, %version ], [ %45, %version1 ]
  %34 = mul nuw nsw i64 %33, 1
  %35 = getelementptr nusw nuw i8, ptr %26, i64 %34
  %36 = load i8, ptr %35, align 1
  %37 = icmp ule i8 %36, %2
  %38 = xor i1 %37, true
  %39 = icmp ule i8 %36, %7
  %40 = and i1 %39, %4
  %41 = or i1 %38, %40
  %42 = select i1 %41, i8 0, i8 %36
  %43 = mul nuw nsw i64 %33, 1
  %44 = getelementptr nusw nuw i8, ptr %26, i64 %43
  store i8 %42, ptr %44, align 1
  %45 = add nuw nsw i64 %33, 1
  %46 = icmp eq i64 %45, %32
  br i1 %46, label %exit, label %version1, !llvm.loop !0

loop:                                             ; preds = %checks, %entry, %loop
  %i = phi i32 [ 0, %entry ], [ %next, %loop ], [ 0, %checks ]
  %place = add i32 %to, %i
  %place64 = zext i32 %place to i64
  %a = getelementptr i8, ptr @memory, i64 %place64
  %byte = load i8, ptr %a, align 1
  %wide = zext i8 %byte to i32
  %47 = icmp ule i8 %byte, %2
  %48 = xor i1 %47, true
  %49 = icmp ule i8 %byte, %7
  %50 = and i1 %49, %4
  %either = or i1 %48, %50
  %value = select i1 %either, i8 0, i8 %byte
  store i8 %value, ptr %a, align 1
  %next = add i32 %i, 1
  %again = icmp ult i32 %next, %n
  br i1 %again, label %loop, label %exit, !llvm.loop !2

exit:                                             ; preds = %version1, %loop
  ret void
}

declare i32 @llvm.umin.i32(i32, i32) #0

declare i1 @smelt.version.1() #1

attributes #0 = { nocallback nocreateundeforpoison nofree nosync nounwind speculatable willreturn memory(none) }
attributes #1 = { nounwind willreturn memory(none) }

!0 = distinct !{!0, !1}
!1 = !{!"smelt.version.1"}
!2 = distinct !{!2, !3, !4, !5}
!3 = !{!"llvm.loop.isvectorized", i32 1}
!4 = !{!"llvm.loop.unroll.disable"}
!5 = !{!"smelt.original.1"}
