; What every iteration adds to, in memory, has a version that may keep it in a register: it waits for the
; iteration before otherwise. That pays from the second iteration on, vectors or not.
; pass: loop-versions

@memory = external global [0 x i8]

define void @sum(i32 %total, i32 %values, i32 %n) {
entry:
  %t = zext i32 %total to i64
  %sum = getelementptr i8, ptr @memory, i64 %t
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %scaled = shl i32 %i, 3
  %address = add i32 %values, %scaled
  %index = zext i32 %address to i64
  %place = getelementptr i8, ptr @memory, i64 %index
  %value = load double, ptr %place, align 1
  %before = load double, ptr %sum, align 1
  %after = fadd double %before, %value
  store double %after, ptr %sum, align 1
  %next = add i32 %i, 1
  %more = icmp ult i32 %next, %n
  br i1 %more, label %loop, label %exit
exit:
  ret void
}

; This one is stored sometimes: LLVM cannot keep it in a register.
define void @sometimes(i32 %total, i32 %values, i32 %n) {
entry:
  %t = zext i32 %total to i64
  %sum = getelementptr i8, ptr @memory, i64 %t
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %latch ]
  %scaled = shl i32 %i, 3
  %address = add i32 %values, %scaled
  %index = zext i32 %address to i64
  %place = getelementptr i8, ptr @memory, i64 %index
  %value = load double, ptr %place, align 1
  %before = load double, ptr %sum, align 1
  %after = fadd double %before, %value
  %is = fcmp ogt double %value, 1.0
  br i1 %is, label %store, label %latch
store:
  store double %after, ptr %sum, align 1
  br label %latch
latch:
  %next = add i32 %i, 1
  %more = icmp ult i32 %next, %n
  br i1 %more, label %loop, label %exit
exit:
  ret void
}

; What becomes of it:
define void @sum(i32 %total, i32 %values, i32 %n) {
entry:
  %t = zext i32 %total to i64
  %sum = getelementptr i8, ptr @memory, i64 %t
  %0 = freeze i32 1
  %1 = freeze i32 %n
  %2 = zext i32 %0 to i64
  %3 = zext i32 %1 to i64
  %4 = add i64 %3, 0
  %5 = icmp ult i64 %4, 4294967296
  %6 = sub i64 %4, %2
  %7 = icmp ult i64 %2, %3
  %8 = select i1 %7, i64 %6, i64 0
  %9 = icmp uge i64 %8, 1
  br i1 %9, label %checks, label %loop

checks:                                           ; preds = %entry
  %10 = freeze i32 %values
  %11 = zext i32 %10 to i64
  %12 = mul i64 %8, 8
  %13 = add i64 %11, %12
  %14 = add i64 %13, 0
  %15 = icmp ule i64 %14, 4294967295
  %16 = add i64 %11, 0
  %17 = add i64 %13, 8
  %18 = freeze i32 %total
  %19 = zext i32 %18 to i64
  %20 = mul i64 %8, 0
  %21 = add i64 %19, %20
  %22 = add i64 %21, 0
  %23 = icmp ule i64 %22, 4294967295
  %24 = add i64 %19, 0
  %25 = add i64 %21, 8
  %26 = icmp sge i64 %16, %25
  %27 = icmp sge i64 %24, %17
  %28 = or i1 %26, %27
  %29 = getelementptr i8, ptr @memory, i64 %11
  %30 = getelementptr i8, ptr @memory, i64 %19
  %31 = and i1 true, %5
  %32 = and i1 %31, %15
  %33 = and i1 %32, %23
  %34 = and i1 %33, %28
  br i1 %34, label %version, label %loop

version:                                          ; preds = %checks
  call void @llvm.experimental.noalias.scope.decl(metadata !0)
  call void @llvm.experimental.noalias.scope.decl(metadata !3)
  %35 = add nuw nsw i64 %8, 1
  %36 = mul nuw nsw i64 %35, 1
  br label %version1

version1:                                         ; preds = %version1, %version
  %37 = phi i64 [ 0, %version ], [ %43, %version1 ]
  %38 = mul nuw nsw i64 %37, 8
  %39 = getelementptr nusw nuw i8, ptr %29, i64 %38
  %40 = load double, ptr %39, align 1, !alias.scope !0, !noalias !3
  %41 = load double, ptr %30, align 1, !alias.scope !3, !noalias !0
  %42 = fadd double %41, %40
  store double %42, ptr %30, align 1, !alias.scope !3, !noalias !0
  %43 = add nuw nsw i64 %37, 1
  %44 = icmp eq i64 %43, %36
  br i1 %44, label %exit, label %version1

loop:                                             ; preds = %checks, %entry, %loop
  %i = phi i32 [ 0, %entry ], [ %next, %loop ], [ 0, %checks ]
  %scaled = shl i32 %i, 3
  %address = add i32 %values, %scaled
  %index = zext i32 %address to i64
  %place = getelementptr i8, ptr @memory, i64 %index
  %value = load double, ptr %place, align 1
  %before = load double, ptr %sum, align 1
  %after = fadd double %before, %value
  store double %after, ptr %sum, align 1
  %next = add i32 %i, 1
  %more = icmp ult i32 %next, %n
  br i1 %more, label %loop, label %exit, !llvm.loop !5

exit:                                             ; preds = %version1, %loop
  ret void
}

define void @sometimes(i32 %total, i32 %values, i32 %n) {
entry:
  %t = zext i32 %total to i64
  %sum = getelementptr i8, ptr @memory, i64 %t
  %0 = freeze i32 1
  %1 = freeze i32 %n
  %2 = zext i32 %0 to i64
  %3 = zext i32 %1 to i64
  %4 = add i64 %3, 0
  %5 = icmp ult i64 %4, 4294967296
  %6 = sub i64 %4, %2
  %7 = icmp ult i64 %2, %3
  %8 = select i1 %7, i64 %6, i64 0
  %9 = icmp uge i64 %8, 8
  br i1 %9, label %checks, label %loop

checks:                                           ; preds = %entry
  %10 = freeze i32 %values
  %11 = zext i32 %10 to i64
  %12 = mul i64 %8, 8
  %13 = add i64 %11, %12
  %14 = add i64 %13, 0
  %15 = icmp ule i64 %14, 4294967295
  %16 = add i64 %11, 0
  %17 = add i64 %13, 8
  %18 = freeze i32 %total
  %19 = zext i32 %18 to i64
  %20 = mul i64 %8, 0
  %21 = add i64 %19, %20
  %22 = add i64 %21, 0
  %23 = icmp ule i64 %22, 4294967295
  %24 = add i64 %19, 0
  %25 = add i64 %21, 8
  %26 = icmp sge i64 %16, %25
  %27 = icmp sge i64 %24, %17
  %28 = or i1 %26, %27
  %29 = getelementptr i8, ptr @memory, i64 %11
  %30 = getelementptr i8, ptr @memory, i64 %19
  %31 = call i1 @smelt.version.2()
  %32 = and i1 true, %5
  %33 = and i1 %32, %15
  %34 = and i1 %33, %23
  %35 = and i1 %34, %28
  %36 = and i1 %35, %31
  br i1 %36, label %version, label %loop

version:                                          ; preds = %checks
  call void @llvm.experimental.noalias.scope.decl(metadata !9)
  call void @llvm.experimental.noalias.scope.decl(metadata !12)
  %37 = add nuw nsw i64 %8, 1
  %38 = mul nuw nsw i64 %37, 1
  br label %version1

version1:                                         ; preds = %version3, %version
  %39 = phi i64 [ 0, %version ], [ %46, %version3 ]
  %40 = mul nuw nsw i64 %39, 8
  %41 = getelementptr nusw nuw i8, ptr %29, i64 %40
  %42 = load double, ptr %41, align 1, !alias.scope !9, !noalias !12
  %43 = load double, ptr %30, align 1, !alias.scope !12, !noalias !9
  %44 = fadd double %43, %42
  %45 = fcmp ogt double %42, 1.000000e+00
  br i1 %45, label %version2, label %version3

version2:                                         ; preds = %version1
  store double %44, ptr %30, align 1, !alias.scope !12, !noalias !9
  br label %version3

version3:                                         ; preds = %version2, %version1
  %46 = add nuw nsw i64 %39, 1
  %47 = icmp eq i64 %46, %38
  br i1 %47, label %exit, label %version1, !llvm.loop !14

loop:                                             ; preds = %checks, %entry, %latch
  %i = phi i32 [ 0, %entry ], [ %next, %latch ], [ 0, %checks ]
  %scaled = shl i32 %i, 3
  %address = add i32 %values, %scaled
  %index = zext i32 %address to i64
  %place = getelementptr i8, ptr @memory, i64 %index
  %value = load double, ptr %place, align 1
  %before = load double, ptr %sum, align 1
  %after = fadd double %before, %value
  %is = fcmp ogt double %value, 1.000000e+00
  br i1 %is, label %store, label %latch

store:                                            ; preds = %loop
  store double %after, ptr %sum, align 1
  br label %latch

latch:                                            ; preds = %store, %loop
  %next = add i32 %i, 1
  %more = icmp ult i32 %next, %n
  br i1 %more, label %loop, label %exit, !llvm.loop !16

exit:                                             ; preds = %version3, %latch
  ret void
}

declare void @llvm.experimental.noalias.scope.decl(metadata) #0

declare i1 @smelt.version.2() #1

attributes #0 = { nocallback nofree nosync nounwind willreturn memory(inaccessiblemem: readwrite) }
attributes #1 = { nounwind willreturn memory(none) }

!0 = !{!1}
!1 = !{!"smelt.loop.1.0", !2}
!2 = !{!"smelt.loop.1"}
!3 = !{!4}
!4 = !{!"smelt.loop.1.1", !2}
!5 = distinct !{!5, !6, !7, !8}
!6 = !{!"llvm.loop.isvectorized", i32 1}
!7 = !{!"llvm.loop.unroll.disable"}
!8 = !{!"smelt.original.1"}
!9 = !{!10}
!10 = !{!"smelt.loop.2.0", !11}
!11 = !{!"smelt.loop.2"}
!12 = !{!13}
!13 = !{!"smelt.loop.2.1", !11}
!14 = distinct !{!14, !15}
!15 = !{!"smelt.version.2"}
!16 = distinct !{!16, !6, !7, !17}
!17 = !{!"smelt.original.2"}
