; A row is added to another one again and again: both loops get a version at once, if all rows of
; both are apart.

@memory = external global [0 x i8]

define void @rows(i32 %to, i32 %from, i32 %factors, i32 %rows, i32 %n) {
entry:
  br label %outer

outer:
  %k = phi i32 [ 0, %entry ], [ %more, %after ]
  %row = phi i32 [ %from, %entry ], [ %below, %after ]
  %offset = shl i32 %k, 2
  %place = add i32 %factors, %offset
  %place64 = zext i32 %place to i64
  %f = getelementptr i8, ptr @memory, i64 %place64
  %factor = load float, ptr %f, align 1
  br label %inner

inner:
  %i = phi i32 [ 0, %outer ], [ %next, %inner ]
  %target = add i32 %to, %i
  %target64 = zext i32 %target to i64
  %a = getelementptr i8, ptr @memory, i64 %target64
  %old = load float, ptr %a, align 1
  %source = add i32 %row, %i
  %source64 = zext i32 %source to i64
  %b = getelementptr i8, ptr @memory, i64 %source64
  %value = load float, ptr %b, align 1
  %part = fmul float %factor, %value
  %new = fadd float %old, %part
  store float %new, ptr %a, align 1
  %next = add i32 %i, 4
  %again = icmp ne i32 %next, %n
  br i1 %again, label %inner, label %after

after:
  %last = phi float [ %new, %inner ]
  %c = getelementptr i8, ptr %f, i64 65536
  store float %last, ptr %c, align 1
  %below = add i32 %row, 1280
  %more = add i32 %k, 1
  %goes = icmp ult i32 %more, %rows
  br i1 %goes, label %outer, label %exit

exit:
  ret void
}

; What becomes of it:
define void @rows(i32 %to, i32 %from, i32 %factors, i32 %rows, i32 %n) {
entry:
  %0 = freeze i32 1
  %1 = freeze i32 %rows
  %2 = zext i32 %0 to i64
  %3 = zext i32 %1 to i64
  %4 = add i64 %3, 0
  %5 = icmp ult i64 %4, 4294967296
  %6 = sub i64 %4, %2
  %7 = icmp ult i64 %2, %3
  %8 = select i1 %7, i64 %6, i64 0
  %9 = freeze i32 4
  %10 = freeze i32 %n
  %11 = sub i32 %10, %9
  %12 = zext i32 %11 to i64
  %13 = urem i64 %12, 4
  %14 = icmp eq i64 %13, 0
  %15 = udiv i64 %12, 4
  %16 = icmp uge i64 %15, 8
  %17 = icmp uge i64 %8, 3
  %18 = and i1 %16, %17
  br i1 %18, label %checks, label %outer

checks:                                           ; preds = %entry
  %19 = freeze i32 %to
  %20 = zext i32 %19 to i64
  %21 = mul i64 %8, 0
  %22 = add i64 %20, %21
  %23 = mul i64 %15, 4
  %24 = add i64 %22, %23
  %25 = add i64 %24, 0
  %26 = icmp ule i64 %25, 4294967295
  %27 = add i64 %20, 0
  %28 = add i64 %24, 4
  %29 = freeze i32 %from
  %30 = zext i32 %29 to i64
  %31 = mul i64 %8, 1280
  %32 = add i64 %30, %31
  %33 = mul i64 %15, 4
  %34 = add i64 %32, %33
  %35 = add i64 %34, 0
  %36 = icmp ule i64 %35, 4294967295
  %37 = add i64 %30, 0
  %38 = add i64 %34, 4
  %39 = freeze i32 %factors
  %40 = zext i32 %39 to i64
  %41 = mul i64 %8, 4
  %42 = add i64 %40, %41
  %43 = mul i64 %15, 0
  %44 = add i64 %42, %43
  %45 = add i64 %44, 0
  %46 = icmp ule i64 %45, 4294967295
  %47 = add i64 %40, 0
  %48 = add i64 %44, 65540
  %49 = icmp sge i64 %27, %38
  %50 = icmp sge i64 %37, %28
  %51 = or i1 %49, %50
  %52 = icmp sge i64 %27, %48
  %53 = icmp sge i64 %47, %28
  %54 = or i1 %52, %53
  %55 = icmp sge i64 %37, %48
  %56 = icmp sge i64 %47, %38
  %57 = or i1 %55, %56
  %58 = getelementptr i8, ptr @memory, i64 %20
  %59 = getelementptr i8, ptr @memory, i64 %30
  %60 = getelementptr i8, ptr @memory, i64 %40
  %61 = and i1 true, %5
  %62 = and i1 %61, %14
  %63 = and i1 %62, %26
  %64 = and i1 %63, %36
  %65 = and i1 %64, %46
  %66 = and i1 %65, %51
  %67 = and i1 %66, %54
  %68 = and i1 %67, %57
  br i1 %68, label %version, label %outer

version:                                          ; preds = %checks
  call void @llvm.experimental.noalias.scope.decl(metadata !0)
  call void @llvm.experimental.noalias.scope.decl(metadata !3)
  call void @llvm.experimental.noalias.scope.decl(metadata !5)
  %69 = add nuw nsw i64 %8, 1
  br label %nest

nest:                                             ; preds = %nest1, %version
  %70 = phi i64 [ 0, %version ], [ %104, %nest1 ]
  %71 = phi i32 [ 0, %version ], [ %102, %nest1 ]
  %72 = phi i32 [ %from, %version ], [ %101, %nest1 ]
  %73 = shl i32 %71, 2
  %74 = add i32 %factors, %73
  %75 = zext i32 %74 to i64
  %76 = getelementptr i8, ptr @memory, i64 %75
  %77 = mul nuw nsw i64 %70, 4
  %78 = getelementptr nusw nuw i8, ptr %60, i64 %77
  %79 = load float, ptr %78, align 1, !alias.scope !5, !noalias !7
  %80 = mul nuw nsw i64 %70, 1280
  %81 = getelementptr nusw nuw i8, ptr %59, i64 %80
  %82 = add nuw nsw i64 %15, 1
  %83 = mul nuw nsw i64 %82, 1
  br label %version2

version2:                                         ; preds = %version2, %nest
  %84 = phi i64 [ 0, %nest ], [ %95, %version2 ]
  %85 = mul nuw nsw i64 %84, 4
  %86 = getelementptr nusw nuw i8, ptr %58, i64 %85
  %87 = load float, ptr %86, align 1, !alias.scope !0, !noalias !8
  %88 = mul nuw nsw i64 %84, 4
  %89 = getelementptr nusw nuw i8, ptr %81, i64 %88
  %90 = load float, ptr %89, align 1, !alias.scope !3, !noalias !9
  %91 = fmul float %79, %90
  %92 = fadd float %87, %91
  %93 = mul nuw nsw i64 %84, 4
  %94 = getelementptr nusw nuw i8, ptr %58, i64 %93
  store float %92, ptr %94, align 1, !alias.scope !0, !noalias !8
  %95 = add nuw nsw i64 %84, 1
  %96 = icmp eq i64 %95, %83
  br i1 %96, label %nest1, label %version2

nest1:                                            ; preds = %version2
  %97 = getelementptr i8, ptr %76, i64 65536
  %98 = mul nuw nsw i64 %70, 4
  %99 = getelementptr nusw nuw i8, ptr %60, i64 %98
  %100 = getelementptr nusw nuw i8, ptr %99, i64 65536
  store float %92, ptr %100, align 1, !alias.scope !5, !noalias !7
  %101 = add i32 %72, 1280
  %102 = add i32 %71, 1
  %103 = icmp ult i32 %102, %rows
  %104 = add nuw nsw i64 %70, 1
  %105 = icmp eq i64 %104, %69
  br i1 %105, label %exit, label %nest

outer:                                            ; preds = %checks, %entry, %after
  %k = phi i32 [ 0, %entry ], [ %more, %after ], [ 0, %checks ]
  %row = phi i32 [ %from, %entry ], [ %below, %after ], [ %from, %checks ]
  %offset = shl i32 %k, 2
  %place = add i32 %factors, %offset
  %place64 = zext i32 %place to i64
  %f = getelementptr i8, ptr @memory, i64 %place64
  %factor = load float, ptr %f, align 1
  %106 = freeze i32 4
  %107 = freeze i32 %n
  %108 = sub i32 %107, %106
  %109 = zext i32 %108 to i64
  %110 = urem i64 %109, 4
  %111 = icmp eq i64 %110, 0
  %112 = udiv i64 %109, 4
  %113 = icmp uge i64 %112, 8
  br i1 %113, label %checks3, label %inner

checks3:                                          ; preds = %outer
  %114 = freeze i32 %to
  %115 = zext i32 %114 to i64
  %116 = mul i64 %112, 4
  %117 = add i64 %115, %116
  %118 = add i64 %117, 0
  %119 = icmp ule i64 %118, 4294967295
  %120 = add i64 %115, 0
  %121 = add i64 %117, 4
  %122 = freeze i32 %row
  %123 = zext i32 %122 to i64
  %124 = mul i64 %112, 4
  %125 = add i64 %123, %124
  %126 = add i64 %125, 0
  %127 = icmp ule i64 %126, 4294967295
  %128 = add i64 %123, 0
  %129 = add i64 %125, 4
  %130 = icmp sge i64 %120, %129
  %131 = icmp sge i64 %128, %121
  %132 = or i1 %130, %131
  %133 = getelementptr i8, ptr @memory, i64 %115
  %134 = getelementptr i8, ptr @memory, i64 %123
  %135 = and i1 true, %111
  %136 = and i1 %135, %119
  %137 = and i1 %136, %127
  %138 = and i1 %137, %132
  br i1 %138, label %version4, label %inner

version4:                                         ; preds = %checks3
  call void @llvm.experimental.noalias.scope.decl(metadata !10)
  call void @llvm.experimental.noalias.scope.decl(metadata !13)
  %139 = add nuw nsw i64 %112, 1
  %140 = mul nuw nsw i64 %139, 1
  br label %version5

version5:                                         ; preds = %version5, %version4
  %141 = phi i64 [ 0, %version4 ], [ %152, %version5 ]
  %142 = mul nuw nsw i64 %141, 4
  %143 = getelementptr nusw nuw i8, ptr %133, i64 %142
  %144 = load float, ptr %143, align 1, !alias.scope !10, !noalias !13
  %145 = mul nuw nsw i64 %141, 4
  %146 = getelementptr nusw nuw i8, ptr %134, i64 %145
  %147 = load float, ptr %146, align 1, !alias.scope !13, !noalias !10
  %148 = fmul float %factor, %147
  %149 = fadd float %144, %148
  %150 = mul nuw nsw i64 %141, 4
  %151 = getelementptr nusw nuw i8, ptr %133, i64 %150
  store float %149, ptr %151, align 1, !alias.scope !10, !noalias !13
  %152 = add nuw nsw i64 %141, 1
  %153 = icmp eq i64 %152, %140
  br i1 %153, label %after, label %version5

inner:                                            ; preds = %checks3, %outer, %inner
  %i = phi i32 [ 0, %outer ], [ %next, %inner ], [ 0, %checks3 ]
  %target = add i32 %to, %i
  %target64 = zext i32 %target to i64
  %a = getelementptr i8, ptr @memory, i64 %target64
  %old = load float, ptr %a, align 1
  %source = add i32 %row, %i
  %source64 = zext i32 %source to i64
  %b = getelementptr i8, ptr @memory, i64 %source64
  %value = load float, ptr %b, align 1
  %part = fmul float %factor, %value
  %new = fadd float %old, %part
  store float %new, ptr %a, align 1
  %next = add i32 %i, 4
  %again = icmp ne i32 %next, %n
  br i1 %again, label %inner, label %after, !llvm.loop !15

after:                                            ; preds = %version5, %inner
  %last = phi float [ %new, %inner ], [ %149, %version5 ]
  %c = getelementptr i8, ptr %f, i64 65536
  store float %last, ptr %c, align 1
  %below = add i32 %row, 1280
  %more = add i32 %k, 1
  %goes = icmp ult i32 %more, %rows
  br i1 %goes, label %outer, label %exit

exit:                                             ; preds = %nest1, %after
  ret void
}

declare void @llvm.experimental.noalias.scope.decl(metadata) #0

attributes #0 = { nocallback nofree nosync nounwind willreturn memory(inaccessiblemem: readwrite) }

!0 = !{!1}
!1 = !{!"smelt.loop.1.0", !2}
!2 = !{!"smelt.loop.1"}
!3 = !{!4}
!4 = !{!"smelt.loop.1.1", !2}
!5 = !{!6}
!6 = !{!"smelt.loop.1.2", !2}
!7 = !{!1, !4}
!8 = !{!4, !6}
!9 = !{!1, !6}
!10 = !{!11}
!11 = !{!"smelt.loop.2.0", !12}
!12 = !{!"smelt.loop.2"}
!13 = !{!14}
!14 = !{!"smelt.loop.2.1", !12}
!15 = distinct !{!15, !16, !17}
!16 = !{!"llvm.loop.isvectorized", i32 1}
!17 = !{!"llvm.loop.unroll.disable"}
