; Vectors of 16 bytes on a processor with vectors of 64: four at a time, what is left by the original.
; cpu: x86-64-v4
; pass: loop-versions

@memory = external global [0 x i8]

define void @blend(i32 %to, i32 %from, i32 %n) {
entry:
  br label %loop

loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %source = add i32 %from, %i
  %source64 = zext i32 %source to i64
  %a = getelementptr i8, ptr @memory, i64 %source64
  %pixels = load <16 x i8>, ptr %a, align 1
  %wide = zext <16 x i8> %pixels to <16 x i16>
  %low = shufflevector <16 x i16> %wide, <16 x i16> poison, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %high = shufflevector <16 x i16> %wide, <16 x i16> poison, <8 x i32> <i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15>
  %twice = shl <8 x i16> %low, splat (i16 1)
  %packed = call <16 x i8> @llvm.x86.sse2.packuswb.128(<8 x i16> %twice, <8 x i16> %high)
  %target = add i32 %to, %i
  %target64 = zext i32 %target to i64
  %b = getelementptr i8, ptr @memory, i64 %target64
  store <16 x i8> %packed, ptr %b, align 1
  %next = add i32 %i, 16
  %again = icmp ult i32 %next, %n
  br i1 %again, label %loop, label %exit

exit:
  ret void
}

; Not a sum: it would be added up in another order.
define <4 x float> @sum(i32 %from, i32 %n) {
entry:
  br label %loop

loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %sum = phi <4 x float> [ zeroinitializer, %entry ], [ %more, %loop ]
  %source = add i32 %from, %i
  %source64 = zext i32 %source to i64
  %a = getelementptr i8, ptr @memory, i64 %source64
  %v = load <4 x float>, ptr %a, align 1
  %more = fadd <4 x float> %sum, %v
  %next = add i32 %i, 16
  %again = icmp ult i32 %next, %n
  br i1 %again, label %loop, label %exit

exit:
  %result = phi <4 x float> [ %more, %loop ]
  ret <4 x float> %result
}

; Not where the next iteration loads what this one stores.
define void @chain(i32 %to, i32 %n) {
entry:
  br label %loop

loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %here = add i32 %to, %i
  %here64 = zext i32 %here to i64
  %a = getelementptr i8, ptr @memory, i64 %here64
  %v = load <16 x i8>, ptr %a, align 1
  %b = getelementptr i8, ptr %a, i64 16
  store <16 x i8> %v, ptr %b, align 1
  %next = add i32 %i, 16
  %again = icmp ult i32 %next, %n
  br i1 %again, label %loop, label %exit

exit:
  ret void
}

declare <16 x i8> @llvm.x86.sse2.packuswb.128(<8 x i16>, <8 x i16>)

; What becomes of it:
define void @blend(i32 %to, i32 %from, i32 %n) {
entry:
  %0 = freeze i32 16
  %1 = freeze i32 %n
  %2 = zext i32 %0 to i64
  %3 = zext i32 %1 to i64
  %4 = add i64 %3, 15
  %5 = icmp ult i64 %4, 4294967296
  %6 = sub i64 %4, %2
  %7 = udiv i64 %6, 16
  %8 = icmp ult i64 %2, %3
  %9 = select i1 %8, i64 %7, i64 0
  %10 = icmp uge i64 %9, 8
  br i1 %10, label %checks, label %loop

checks:                                           ; preds = %entry
  %11 = freeze i32 %from
  %12 = zext i32 %11 to i64
  %13 = mul i64 %9, 16
  %14 = add i64 %12, %13
  %15 = add i64 %14, 0
  %16 = icmp ule i64 %15, 4294967295
  %17 = add i64 %12, 0
  %18 = add i64 %14, 16
  %19 = freeze i32 %to
  %20 = zext i32 %19 to i64
  %21 = mul i64 %9, 16
  %22 = add i64 %20, %21
  %23 = add i64 %22, 0
  %24 = icmp ule i64 %23, 4294967295
  %25 = add i64 %20, 0
  %26 = add i64 %22, 16
  %27 = icmp sge i64 %17, %26
  %28 = icmp sge i64 %25, %18
  %29 = or i1 %27, %28
  %30 = getelementptr i8, ptr @memory, i64 %12
  %31 = getelementptr i8, ptr @memory, i64 %20
  %32 = and i1 true, %5
  %33 = and i1 %32, %16
  %34 = and i1 %33, %24
  %35 = and i1 %34, %29
  br i1 %35, label %version, label %loop

version:                                          ; preds = %checks
  call void @llvm.experimental.noalias.scope.decl(metadata !0)
  call void @llvm.experimental.noalias.scope.decl(metadata !3)
  %36 = add nuw nsw i64 %9, 1
  %37 = udiv i64 %36, 2
  %38 = mul nuw nsw i64 %37, 1
  br label %wide1

wide1:                                            ; preds = %wide1, %version
  %39 = phi i64 [ 0, %version ], [ %57, %wide1 ]
  %40 = mul nuw nsw i64 %39, 2
  %41 = mul nuw nsw i64 %40, 16
  %42 = getelementptr nusw nuw i8, ptr %30, i64 %41
  %43 = load <32 x i8>, ptr %42, align 1, !alias.scope !0, !noalias !3
  %44 = zext <32 x i8> %43 to <32 x i16>
  %45 = shufflevector <32 x i16> %44, <32 x i16> poison, <16 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7, i32 16, i32 17, i32 18, i32 19, i32 20, i32 21, i32 22, i32 23>
  %46 = shufflevector <32 x i16> %44, <32 x i16> poison, <16 x i32> <i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15, i32 24, i32 25, i32 26, i32 27, i32 28, i32 29, i32 30, i32 31>
  %47 = shl <16 x i16> %45, splat (i16 1)
  %48 = call <16 x i16> @llvm.smax.v16i16(<16 x i16> %47, <16 x i16> zeroinitializer)
  %49 = call <16 x i16> @llvm.smin.v16i16(<16 x i16> %48, <16 x i16> splat (i16 255))
  %50 = trunc <16 x i16> %49 to <16 x i8>
  %51 = call <16 x i16> @llvm.smax.v16i16(<16 x i16> %46, <16 x i16> zeroinitializer)
  %52 = call <16 x i16> @llvm.smin.v16i16(<16 x i16> %51, <16 x i16> splat (i16 255))
  %53 = trunc <16 x i16> %52 to <16 x i8>
  %54 = shufflevector <16 x i8> %50, <16 x i8> %53, <32 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7, i32 16, i32 17, i32 18, i32 19, i32 20, i32 21, i32 22, i32 23, i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15, i32 24, i32 25, i32 26, i32 27, i32 28, i32 29, i32 30, i32 31>
  %55 = mul nuw nsw i64 %40, 16
  %56 = getelementptr nusw nuw i8, ptr %31, i64 %55
  store <32 x i8> %54, ptr %56, align 1, !alias.scope !3, !noalias !0
  %57 = add nuw nsw i64 %39, 1
  %58 = icmp eq i64 %57, %38
  br i1 %58, label %wide.end, label %wide1

wide.end:                                         ; preds = %wide1
  %59 = mul nuw nsw i64 %37, 2
  %60 = trunc i64 %59 to i32
  %61 = mul i32 %60, 16
  %62 = add i32 0, %61
  %63 = icmp ugt i64 %59, %9
  br i1 %63, label %exit, label %loop

loop:                                             ; preds = %wide.end, %checks, %entry, %loop
  %i = phi i32 [ 0, %entry ], [ %next, %loop ], [ 0, %checks ], [ %62, %wide.end ]
  %source = add i32 %from, %i
  %source64 = zext i32 %source to i64
  %a = getelementptr i8, ptr @memory, i64 %source64
  %pixels = load <16 x i8>, ptr %a, align 1
  %wide = zext <16 x i8> %pixels to <16 x i16>
  %low = shufflevector <16 x i16> %wide, <16 x i16> poison, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %high = shufflevector <16 x i16> %wide, <16 x i16> poison, <8 x i32> <i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15>
  %twice = shl <8 x i16> %low, splat (i16 1)
  %packed = call <16 x i8> @llvm.x86.sse2.packuswb.128(<8 x i16> %twice, <8 x i16> %high)
  %target = add i32 %to, %i
  %target64 = zext i32 %target to i64
  %b = getelementptr i8, ptr @memory, i64 %target64
  store <16 x i8> %packed, ptr %b, align 1
  %next = add i32 %i, 16
  %again = icmp ult i32 %next, %n
  br i1 %again, label %loop, label %exit, !llvm.loop !5

exit:                                             ; preds = %wide.end, %loop
  ret void
}

define <4 x float> @sum(i32 %from, i32 %n) {
entry:
  br label %loop

loop:                                             ; preds = %loop, %entry
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %sum = phi <4 x float> [ zeroinitializer, %entry ], [ %more, %loop ]
  %source = add i32 %from, %i
  %source64 = zext i32 %source to i64
  %a = getelementptr i8, ptr @memory, i64 %source64
  %v = load <4 x float>, ptr %a, align 1
  %more = fadd <4 x float> %sum, %v
  %next = add i32 %i, 16
  %again = icmp ult i32 %next, %n
  br i1 %again, label %loop, label %exit

exit:                                             ; preds = %loop
  %result = phi <4 x float> [ %more, %loop ]
  ret <4 x float> %result
}

define void @chain(i32 %to, i32 %n) {
entry:
  br label %loop

loop:                                             ; preds = %loop, %entry
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %here = add i32 %to, %i
  %here64 = zext i32 %here to i64
  %a = getelementptr i8, ptr @memory, i64 %here64
  %v = load <16 x i8>, ptr %a, align 1
  %b = getelementptr i8, ptr %a, i64 16
  store <16 x i8> %v, ptr %b, align 1
  %next = add i32 %i, 16
  %again = icmp ult i32 %next, %n
  br i1 %again, label %loop, label %exit

exit:                                             ; preds = %loop
  ret void
}

declare <16 x i8> @llvm.x86.sse2.packuswb.128(<8 x i16>, <8 x i16>) #0

declare void @llvm.experimental.noalias.scope.decl(metadata) #1

declare <16 x i16> @llvm.smax.v16i16(<16 x i16>, <16 x i16>) #2

declare <16 x i16> @llvm.smin.v16i16(<16 x i16>, <16 x i16>) #2

attributes #0 = { nocallback nofree nosync nounwind willreturn memory(none) }
attributes #1 = { nocallback nofree nosync nounwind willreturn memory(inaccessiblemem: readwrite) }
attributes #2 = { nocallback nocreateundeforpoison nofree nosync nounwind speculatable willreturn memory(none) }

!0 = !{!1}
!1 = !{!"smelt.loop.1.0", !2}
!2 = !{!"smelt.loop.1"}
!3 = !{!4}
!4 = !{!"smelt.loop.1.1", !2}
!5 = distinct !{!5, !6, !7, !8}
!6 = !{!"llvm.loop.isvectorized", i32 1}
!7 = !{!"llvm.loop.unroll.disable"}
!8 = !{!"smelt.original.1"}
