; pass: store-forwarding
; Vectors that are loaded behind stores of their parts are loaded as these parts.

@memory = external global [0 x i8]

; Four stores before one load; an index on the shadow stack that is counted from different places.
define <16 x i32> @parts(i32 %sp, <4 x i32> %a, <4 x i32> %b, <4 x i32> %c, <4 x i32> %d) {
  %frame = add i32 %sp, -160
  %index = zext i32 %frame to i64
  %base = getelementptr i8, ptr @memory, i64 %index
  %p0 = getelementptr i8, ptr %base, i64 96
  %p1 = getelementptr i8, ptr %base, i64 112
  %p2 = getelementptr i8, ptr %base, i64 128
  %p3 = getelementptr i8, ptr %base, i64 144
  store <4 x i32> %a, ptr %p0, align 1
  store <4 x i32> %b, ptr %p1, align 1
  store <4 x i32> %c, ptr %p2, align 1
  store <4 x i32> %d, ptr %p3, align 1
  %other = add i32 %sp, -64
  %wide = zext i32 %other to i64
  %q = getelementptr i8, ptr @memory, i64 %wide
  %r = load <16 x i32>, ptr %q, align 1
  ret <16 x i32> %r
}

; A counter in a structure that the iteration before has stored.
define void @carried(ptr %p, i32 %n) {
entry:
  %counter = getelementptr i8, ptr %p, i64 16
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %v = load <2 x i64>, ptr %counter, align 1
  call void @llvm.assume(i1 true) [ "align"(ptr %p, i64 1) ]
  %s = extractelement <2 x i64> %v, i64 1
  %t = trunc i64 %s to i32
  %next = add i32 %i, 1
  %sum = add i32 %next, %t
  store i32 %sum, ptr %counter, align 1
  %more = icmp ult i32 %next, %n
  br i1 %more, label %loop, label %exit
exit:
  ret void
}

; The whole vector was stored last.
define <4 x i32> @whole(ptr %p, i32 %x, <4 x i32> %v) {
  store i32 %x, ptr %p, align 1
  store <4 x i32> %v, ptr %p, align 1
  %r = load <4 x i32>, ptr %p, align 1
  ret <4 x i32> %r
}

; Another address, another root, and parts that are too small.
define <4 x i32> @unrelated(ptr %p, ptr %q, i32 %x) {
  %far = getelementptr i8, ptr %p, i64 16
  store i32 %x, ptr %far, align 1
  store i32 %x, ptr %q, align 1
  %r = load <4 x i32>, ptr %p, align 1
  ret <4 x i32> %r
}

define <16 x i8> @bytes(ptr %p, i8 %x) {
  %third = getelementptr i8, ptr %p, i64 3
  store i8 %x, ptr %third, align 1
  %r = load <16 x i8>, ptr %p, align 1
  ret <16 x i8> %r
}

; The address moves on: the iteration before stored elsewhere.
define void @moving(ptr %p, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %a = getelementptr i8, ptr %p, i64 %i
  %v = load <2 x i64>, ptr %a, align 1
  %s = extractelement <2 x i64> %v, i64 1
  store i64 %s, ptr %a, align 1
  %next = add i64 %i, 8
  %more = icmp ult i64 %next, %n
  br i1 %more, label %loop, label %exit
exit:
  ret void
}

; A call takes longer than any store.
define <4 x i32> @behind_a_call(ptr %p, i32 %x) {
  store i32 %x, ptr %p, align 1
  call void @elsewhere()
  %r = load <4 x i32>, ptr %p, align 1
  ret <4 x i32> %r
}

declare void @elsewhere()
declare void @llvm.assume(i1)

; What becomes of it:
define <16 x i32> @parts(i32 %sp, <4 x i32> %a, <4 x i32> %b, <4 x i32> %c, <4 x i32> %d) {
  %frame = add i32 %sp, -160
  %index = zext i32 %frame to i64
  %base = getelementptr i8, ptr @memory, i64 %index
  %p0 = getelementptr i8, ptr %base, i64 96
  %p1 = getelementptr i8, ptr %base, i64 112
  %p2 = getelementptr i8, ptr %base, i64 128
  %p3 = getelementptr i8, ptr %base, i64 144
  store <4 x i32> %a, ptr %p0, align 1
  store <4 x i32> %b, ptr %p1, align 1
  store <4 x i32> %c, ptr %p2, align 1
  store <4 x i32> %d, ptr %p3, align 1
  %other = add i32 %sp, -64
  %wide = zext i32 %other to i64
  %q = getelementptr i8, ptr @memory, i64 %wide
  %1 = getelementptr i8, ptr %q, i64 0
  %2 = load volatile <2 x i64>, ptr %1, align 1
  %3 = getelementptr i8, ptr %q, i64 16
  %4 = load volatile <2 x i64>, ptr %3, align 1
  %5 = shufflevector <2 x i64> %2, <2 x i64> %4, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %6 = getelementptr i8, ptr %q, i64 32
  %7 = load volatile <2 x i64>, ptr %6, align 1
  %8 = getelementptr i8, ptr %q, i64 48
  %9 = load volatile <2 x i64>, ptr %8, align 1
  %10 = shufflevector <2 x i64> %7, <2 x i64> %9, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %11 = shufflevector <4 x i64> %5, <4 x i64> %10, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %12 = bitcast <8 x i64> %11 to <16 x i32>
  ret <16 x i32> %12
}

define void @carried(ptr %p, i32 %n) {
entry:
  %counter = getelementptr i8, ptr %p, i64 16
  br label %loop

loop:                                             ; preds = %loop, %entry
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %0 = getelementptr i8, ptr %counter, i64 0
  %1 = load volatile i32, ptr %0, align 1
  %2 = getelementptr i8, ptr %counter, i64 4
  %3 = load volatile i32, ptr %2, align 1
  %4 = insertelement <2 x i32> poison, i32 %1, i32 0
  %5 = insertelement <2 x i32> %4, i32 %3, i32 1
  %6 = getelementptr i8, ptr %counter, i64 8
  %7 = load volatile <2 x i32>, ptr %6, align 1
  %8 = shufflevector <2 x i32> %5, <2 x i32> %7, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %9 = bitcast <4 x i32> %8 to <2 x i64>
  call void @llvm.assume(i1 true) [ "align"(ptr %p, i64 1) ]
  %s = extractelement <2 x i64> %9, i64 1
  %t = trunc i64 %s to i32
  %next = add i32 %i, 1
  %sum = add i32 %next, %t
  store i32 %sum, ptr %counter, align 1
  %more = icmp ult i32 %next, %n
  br i1 %more, label %loop, label %exit

exit:                                             ; preds = %loop
  ret void
}

define <4 x i32> @whole(ptr %p, i32 %x, <4 x i32> %v) {
  store i32 %x, ptr %p, align 1
  store <4 x i32> %v, ptr %p, align 1
  %r = load <4 x i32>, ptr %p, align 1
  ret <4 x i32> %r
}

define <4 x i32> @unrelated(ptr %p, ptr %q, i32 %x) {
  %far = getelementptr i8, ptr %p, i64 16
  store i32 %x, ptr %far, align 1
  store i32 %x, ptr %q, align 1
  %r = load <4 x i32>, ptr %p, align 1
  ret <4 x i32> %r
}

define <16 x i8> @bytes(ptr %p, i8 %x) {
  %third = getelementptr i8, ptr %p, i64 3
  store i8 %x, ptr %third, align 1
  %r = load <16 x i8>, ptr %p, align 1
  ret <16 x i8> %r
}

define void @moving(ptr %p, i64 %n) {
entry:
  br label %loop

loop:                                             ; preds = %loop, %entry
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %a = getelementptr i8, ptr %p, i64 %i
  %v = load <2 x i64>, ptr %a, align 1
  %s = extractelement <2 x i64> %v, i64 1
  store i64 %s, ptr %a, align 1
  %next = add i64 %i, 8
  %more = icmp ult i64 %next, %n
  br i1 %more, label %loop, label %exit

exit:                                             ; preds = %loop
  ret void
}

define <4 x i32> @behind_a_call(ptr %p, i32 %x) {
  store i32 %x, ptr %p, align 1
  call void @elsewhere()
  %r = load <4 x i32>, ptr %p, align 1
  ret <4 x i32> %r
}

declare void @elsewhere()

declare void @llvm.assume(i1 noundef) #0

attributes #0 = { nocallback nofree nosync nounwind willreturn memory(inaccessiblemem: write) }
