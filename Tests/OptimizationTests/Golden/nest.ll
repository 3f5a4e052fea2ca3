; A row is added to another one again and again: both loops get a version at once, if all rows of
; both are apart.
; pass: loop-versions

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
  %61 = call i1 @smelt.version.1()
  %62 = and i1 true, %5
  %63 = and i1 %62, %14
  %64 = and i1 %63, %26
  %65 = and i1 %64, %36
  %66 = and i1 %65, %46
  %67 = and i1 %66, %51
  %68 = and i1 %67, %54
  %69 = and i1 %68, %57
  %70 = and i1 %69, %61
  br i1 %70, label %version, label %outer

version:                                          ; preds = %checks
  call void @llvm.experimental.noalias.scope.decl(metadata !0)
  call void @llvm.experimental.noalias.scope.decl(metadata !3)
  call void @llvm.experimental.noalias.scope.decl(metadata !5)
  %71 = add nuw nsw i64 %8, 1
  br label %nest

nest:                                             ; preds = %nest1, %version
  %72 = phi i64 [ 0, %version ], [ %106, %nest1 ]
  %73 = phi i32 [ 0, %version ], [ %104, %nest1 ]
  %74 = phi i32 [ %from, %version ], [ %103, %nest1 ]
  %75 = shl i32 %73, 2
  %76 = add i32 %factors, %75
  %77 = zext i32 %76 to i64
  %78 = getelementptr i8, ptr @memory, i64 %77
  %79 = mul nuw nsw i64 %72, 4
  %80 = getelementptr nusw nuw i8, ptr %60, i64 %79
  %81 = load float, ptr %80, align 1, !alias.scope !5, !noalias !7
  %82 = mul nuw nsw i64 %72, 1280
  %83 = getelementptr nusw nuw i8, ptr %59, i64 %82
  %84 = add nuw nsw i64 %15, 1
  %85 = mul nuw nsw i64 %84, 1
  br label %version2

version2:                                         ; preds = %version2, %nest
  %86 = phi i64 [ 0, %nest ], [ %97, %version2 ]
  %87 = mul nuw nsw i64 %86, 4
  %88 = getelementptr nusw nuw i8, ptr %58, i64 %87
  %89 = load float, ptr %88, align 1, !alias.scope !0, !noalias !8
  %90 = mul nuw nsw i64 %86, 4
  %91 = getelementptr nusw nuw i8, ptr %83, i64 %90
  %92 = load float, ptr %91, align 1, !alias.scope !3, !noalias !9
  %93 = fmul float %81, %92
  %94 = fadd float %89, %93
  %95 = mul nuw nsw i64 %86, 4
  %96 = getelementptr nusw nuw i8, ptr %58, i64 %95
  store float %94, ptr %96, align 1, !alias.scope !0, !noalias !8
  %97 = add nuw nsw i64 %86, 1
  %98 = icmp eq i64 %97, %85
  br i1 %98, label %nest1, label %version2, !llvm.loop !10

nest1:                                            ; preds = %version2
  %99 = getelementptr i8, ptr %78, i64 65536
  %100 = mul nuw nsw i64 %72, 4
  %101 = getelementptr nusw nuw i8, ptr %60, i64 %100
  %102 = getelementptr nusw nuw i8, ptr %101, i64 65536
  store float %94, ptr %102, align 1, !alias.scope !5, !noalias !7
  %103 = add i32 %74, 1280
  %104 = add i32 %73, 1
  %105 = icmp ult i32 %104, %rows
  %106 = add nuw nsw i64 %72, 1
  %107 = icmp eq i64 %106, %71
  br i1 %107, label %exit, label %nest

outer:                                            ; preds = %checks, %entry, %after
  %k = phi i32 [ 0, %entry ], [ %more, %after ], [ 0, %checks ]
  %row = phi i32 [ %from, %entry ], [ %below, %after ], [ %from, %checks ]
  %offset = shl i32 %k, 2
  %place = add i32 %factors, %offset
  %place64 = zext i32 %place to i64
  %f = getelementptr i8, ptr @memory, i64 %place64
  %factor = load float, ptr %f, align 1
  %108 = freeze i32 4
  %109 = freeze i32 %n
  %110 = sub i32 %109, %108
  %111 = zext i32 %110 to i64
  %112 = urem i64 %111, 4
  %113 = icmp eq i64 %112, 0
  %114 = udiv i64 %111, 4
  %115 = icmp uge i64 %114, 8
  br i1 %115, label %checks3, label %inner

checks3:                                          ; preds = %outer
  %116 = freeze i32 %to
  %117 = zext i32 %116 to i64
  %118 = mul i64 %114, 4
  %119 = add i64 %117, %118
  %120 = add i64 %119, 0
  %121 = icmp ule i64 %120, 4294967295
  %122 = add i64 %117, 0
  %123 = add i64 %119, 4
  %124 = freeze i32 %row
  %125 = zext i32 %124 to i64
  %126 = mul i64 %114, 4
  %127 = add i64 %125, %126
  %128 = add i64 %127, 0
  %129 = icmp ule i64 %128, 4294967295
  %130 = add i64 %125, 0
  %131 = add i64 %127, 4
  %132 = icmp sge i64 %122, %131
  %133 = icmp sge i64 %130, %123
  %134 = or i1 %132, %133
  %135 = getelementptr i8, ptr @memory, i64 %117
  %136 = getelementptr i8, ptr @memory, i64 %125
  %137 = call i1 @smelt.version.2()
  %138 = and i1 true, %113
  %139 = and i1 %138, %121
  %140 = and i1 %139, %129
  %141 = and i1 %140, %134
  %142 = and i1 %141, %137
  br i1 %142, label %version4, label %inner

version4:                                         ; preds = %checks3
  call void @llvm.experimental.noalias.scope.decl(metadata !12)
  call void @llvm.experimental.noalias.scope.decl(metadata !15)
  %143 = add nuw nsw i64 %114, 1
  %144 = mul nuw nsw i64 %143, 1
  br label %version5

version5:                                         ; preds = %version5, %version4
  %145 = phi i64 [ 0, %version4 ], [ %156, %version5 ]
  %146 = mul nuw nsw i64 %145, 4
  %147 = getelementptr nusw nuw i8, ptr %135, i64 %146
  %148 = load float, ptr %147, align 1, !alias.scope !12, !noalias !15
  %149 = mul nuw nsw i64 %145, 4
  %150 = getelementptr nusw nuw i8, ptr %136, i64 %149
  %151 = load float, ptr %150, align 1, !alias.scope !15, !noalias !12
  %152 = fmul float %factor, %151
  %153 = fadd float %148, %152
  %154 = mul nuw nsw i64 %145, 4
  %155 = getelementptr nusw nuw i8, ptr %135, i64 %154
  store float %153, ptr %155, align 1, !alias.scope !12, !noalias !15
  %156 = add nuw nsw i64 %145, 1
  %157 = icmp eq i64 %156, %144
  br i1 %157, label %after, label %version5, !llvm.loop !17

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
  br i1 %again, label %inner, label %after, !llvm.loop !19

after:                                            ; preds = %version5, %inner
  %last = phi float [ %new, %inner ], [ %153, %version5 ]
  %c = getelementptr i8, ptr %f, i64 65536
  store float %last, ptr %c, align 1
  %below = add i32 %row, 1280
  %more = add i32 %k, 1
  %goes = icmp ult i32 %more, %rows
  br i1 %goes, label %outer, label %exit

exit:                                             ; preds = %nest1, %after
  ret void
}

declare i1 @smelt.version.1() #0

declare void @llvm.experimental.noalias.scope.decl(metadata) #1

declare i1 @smelt.version.2() #0

attributes #0 = { nounwind willreturn memory(none) }
attributes #1 = { nocallback nofree nosync nounwind willreturn memory(inaccessiblemem: readwrite) }

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
!10 = distinct !{!10, !11}
!11 = !{!"smelt.version.1"}
!12 = !{!13}
!13 = !{!"smelt.loop.2.0", !14}
!14 = !{!"smelt.loop.2"}
!15 = !{!16}
!16 = !{!"smelt.loop.2.1", !14}
!17 = distinct !{!17, !18}
!18 = !{!"smelt.version.2"}
!19 = distinct !{!19, !20, !21, !22}
!20 = !{!"llvm.loop.isvectorized", i32 1}
!21 = !{!"llvm.loop.unroll.disable"}
!22 = !{!"smelt.original.2"}
