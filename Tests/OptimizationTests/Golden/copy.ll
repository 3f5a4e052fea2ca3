; Bytes go from one place to another: neither may wrap around, and they must not overlap.
; pass: loop-versions

@memory = external global [0 x i8]

define void @copy(i32 %to, i32 %from, i32 %n) {
entry:
  br label %loop

loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %source = add i32 %from, %i
  %source64 = zext i32 %source to i64
  %a = getelementptr i8, ptr @memory, i64 %source64
  %byte = load i8, ptr %a, align 1
  %target = add i32 %to, %i
  %target64 = zext i32 %target to i64
  %b = getelementptr i8, ptr @memory, i64 %target64
  store i8 %byte, ptr %b, align 1
  %next = add i32 %i, 1
  %again = icmp ult i32 %next, %n
  br i1 %again, label %loop, label %exit

exit:
  ret void
}

; What becomes of it:
define void @copy(i32 %to, i32 %from, i32 %n) {
entry:
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
  %10 = freeze i32 %from
  %11 = zext i32 %10 to i64
  %12 = mul i64 %8, 1
  %13 = add i64 %11, %12
  %14 = add i64 %13, 0
  %15 = icmp ule i64 %14, 4294967295
  %16 = add i64 %11, 0
  %17 = add i64 %13, 1
  %18 = freeze i32 %to
  %19 = zext i32 %18 to i64
  %20 = mul i64 %8, 1
  %21 = add i64 %19, %20
  %22 = add i64 %21, 0
  %23 = icmp ule i64 %22, 4294967295
  %24 = add i64 %19, 0
  %25 = add i64 %21, 1
  %26 = icmp sge i64 %16, %25
  %27 = icmp sge i64 %24, %17
  %28 = or i1 %26, %27
  %29 = getelementptr i8, ptr @memory, i64 %11
  %30 = getelementptr i8, ptr @memory, i64 %19
  %31 = call i1 @smelt.version.1()
  %32 = and i1 true, %5
  %33 = and i1 %32, %15
  %34 = and i1 %33, %23
  %35 = and i1 %34, %28
  %36 = and i1 %35, %31
  br i1 %36, label %version, label %loop

version:                                          ; preds = %checks
  call void @llvm.experimental.noalias.scope.decl(metadata !0)
  call void @llvm.experimental.noalias.scope.decl(metadata !3)
  %37 = add nuw nsw i64 %8, 1
  %38 = mul nuw nsw i64 %37, 1
  br label %version1

version1:                                         ; preds = %version1, %version
  %39 = phi i64 [ 0, %version ], [ %45, %version1 ]
  %40 = mul nuw nsw i64 %39, 1
  %41 = getelementptr nusw nuw i8, ptr %29, i64 %40
  %42 = load i8, ptr %41, align 1, !alias.scope !0, !noalias !3
  %43 = mul nuw nsw i64 %39, 1
  %44 = getelementptr nusw nuw i8, ptr %30, i64 %43
  store i8 %42, ptr %44, align 1, !alias.scope !3, !noalias !0
  %45 = add nuw nsw i64 %39, 1
  %46 = icmp eq i64 %45, %38
  br i1 %46, label %exit, label %version1, !llvm.loop !5

loop:                                             ; preds = %checks, %entry, %loop
  %i = phi i32 [ 0, %entry ], [ %next, %loop ], [ 0, %checks ]
  %source = add i32 %from, %i
  %source64 = zext i32 %source to i64
  %a = getelementptr i8, ptr @memory, i64 %source64
  %byte = load i8, ptr %a, align 1
  %target = add i32 %to, %i
  %target64 = zext i32 %target to i64
  %b = getelementptr i8, ptr @memory, i64 %target64
  store i8 %byte, ptr %b, align 1
  %next = add i32 %i, 1
  %again = icmp ult i32 %next, %n
  br i1 %again, label %loop, label %exit, !llvm.loop !7

exit:                                             ; preds = %version1, %loop
  ret void
}

declare i1 @smelt.version.1() #0

declare void @llvm.experimental.noalias.scope.decl(metadata) #1

attributes #0 = { nounwind willreturn memory(none) }
attributes #1 = { nocallback nofree nosync nounwind willreturn memory(inaccessiblemem: readwrite) }

!0 = !{!1}
!1 = !{!"smelt.loop.1.0", !2}
!2 = !{!"smelt.loop.1"}
!3 = !{!4}
!4 = !{!"smelt.loop.1.1", !2}
!5 = distinct !{!5, !6}
!6 = !{!"smelt.version.1"}
!7 = distinct !{!7, !8, !9, !10}
!8 = !{!"llvm.loop.isvectorized", i32 1}
!9 = !{!"llvm.loop.unroll.disable"}
!10 = !{!"smelt.original.1"}
