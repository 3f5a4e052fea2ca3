; A store that does not always happen. The blocks stand in an order in which a value is used before
; it is computed.
; pass: loop-versions

@memory = external global [0 x i8]

define void @branches(i32 %a, i32 %b, i32 %stride, i32 %n) {
entry:
  br label %loop

loop:
  %i = phi i32 [ 0, %entry ], [ %next, %latch ]
  %from = phi i32 [ %a, %entry ], [ %from2, %latch ]
  br label %test

store:
  %i4 = shl i32 %i, 2
  %place = add i32 %b, %i4
  %place64 = zext i32 %place to i64
  %q = getelementptr i8, ptr @memory, i64 %place64
  store i32 %word, ptr %q, align 1
  br label %latch

test:
  %from64 = zext i32 %from to i64
  %p = getelementptr i8, ptr @memory, i64 %from64
  %far = getelementptr i8, ptr %p, i64 16
  %word = load i32, ptr %far, align 1
  %positive = icmp sgt i32 %word, 0
  br i1 %positive, label %store, label %latch

latch:
  %from2 = add i32 %from, %stride
  %next = add nuw i32 %i, 1
  %again = icmp ne i32 %next, %n
  br i1 %again, label %loop, label %exit

exit:
  ret void
}

; What becomes of it:
define void @branches(i32 %a, i32 %b, i32 %stride, i32 %n) {
entry:
  %0 = freeze i32 1
  %1 = freeze i32 %n
  %2 = sub i32 %1, %0
  %3 = zext i32 %2 to i64
  %4 = icmp uge i64 %3, 8
  br i1 %4, label %checks, label %loop

checks:                                           ; preds = %entry
  %5 = freeze i32 %stride
  %6 = sext i32 %5 to i64
  %7 = icmp ule i64 %6, 1048576
  %8 = freeze i32 %a
  %9 = zext i32 %8 to i64
  %10 = mul i64 %3, %6
  %11 = add i64 %9, %10
  %12 = add i64 %11, 0
  %13 = icmp ule i64 %12, 4294967295
  %14 = add i64 %9, 16
  %15 = add i64 %11, 20
  %16 = freeze i32 %b
  %17 = zext i32 %16 to i64
  %18 = mul i64 %3, 4
  %19 = add i64 %17, %18
  %20 = add i64 %19, 0
  %21 = icmp ule i64 %20, 4294967295
  %22 = add i64 %17, 0
  %23 = add i64 %19, 4
  %24 = icmp sge i64 %14, %23
  %25 = icmp sge i64 %22, %15
  %26 = or i1 %24, %25
  %27 = getelementptr i8, ptr @memory, i64 %9
  %28 = getelementptr i8, ptr @memory, i64 %17
  %29 = call i1 @smelt.version.1()
  %30 = and i1 true, %7
  %31 = and i1 %30, %13
  %32 = and i1 %31, %21
  %33 = and i1 %32, %26
  %34 = and i1 %33, %29
  br i1 %34, label %version, label %loop

version:                                          ; preds = %checks
  call void @llvm.experimental.noalias.scope.decl(metadata !0)
  call void @llvm.experimental.noalias.scope.decl(metadata !3)
  %35 = add nuw nsw i64 %3, 1
  %36 = mul nuw nsw i64 %35, 1
  br label %version1

version1:                                         ; preds = %version4, %version
  %37 = phi i64 [ 0, %version ], [ %45, %version4 ]
  br label %version2

version2:                                         ; preds = %version1
  %38 = mul nuw nsw i64 %37, %6
  %39 = getelementptr nusw nuw i8, ptr %27, i64 %38
  %40 = getelementptr nusw nuw i8, ptr %39, i64 16
  %41 = load i32, ptr %40, align 1, !alias.scope !0, !noalias !3
  %42 = icmp sgt i32 %41, 0
  br i1 %42, label %version3, label %version4

version3:                                         ; preds = %version2
  %43 = mul nuw nsw i64 %37, 4
  %44 = getelementptr nusw nuw i8, ptr %28, i64 %43
  store i32 %41, ptr %44, align 1, !alias.scope !3, !noalias !0
  br label %version4

version4:                                         ; preds = %version3, %version2
  %45 = add nuw nsw i64 %37, 1
  %46 = icmp eq i64 %45, %36
  br i1 %46, label %exit, label %version1, !llvm.loop !5

loop:                                             ; preds = %checks, %entry, %latch
  %i = phi i32 [ 0, %entry ], [ %next, %latch ], [ 0, %checks ]
  %from = phi i32 [ %a, %entry ], [ %from2, %latch ], [ %a, %checks ]
  br label %test

store:                                            ; preds = %test
  %i4 = shl i32 %i, 2
  %place = add i32 %b, %i4
  %place64 = zext i32 %place to i64
  %q = getelementptr i8, ptr @memory, i64 %place64
  store i32 %word, ptr %q, align 1
  br label %latch

test:                                             ; preds = %loop
  %from64 = zext i32 %from to i64
  %p = getelementptr i8, ptr @memory, i64 %from64
  %far = getelementptr i8, ptr %p, i64 16
  %word = load i32, ptr %far, align 1
  %positive = icmp sgt i32 %word, 0
  br i1 %positive, label %store, label %latch

latch:                                            ; preds = %test, %store
  %from2 = add i32 %from, %stride
  %next = add nuw i32 %i, 1
  %again = icmp ne i32 %next, %n
  br i1 %again, label %loop, label %exit, !llvm.loop !7

exit:                                             ; preds = %version4, %latch
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
