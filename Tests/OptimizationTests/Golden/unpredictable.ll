; pass: unpredictable-selects
; Choices between places to go on at are marked; a maximum that is kept is not.

@memory = external global [0 x i8]

; A binary search: whichever way the comparison goes, one of the bounds moves.
define i32 @search(i32 %key, i32 %n) {
entry:
  br label %loop
loop:
  %low = phi i32 [ 0, %entry ], [ %newlow, %loop ]
  %high = phi i32 [ %n, %entry ], [ %newhigh, %loop ]
  %sum = add i32 %low, %high
  %middle = lshr i32 %sum, 1
  %offset = shl i32 %middle, 2
  %index = zext i32 %offset to i64
  %p = getelementptr i8, ptr @memory, i64 %index
  %v = load i32, ptr %p, align 1
  %less = icmp ult i32 %v, %key
  %next = add i32 %middle, 1
  %newlow = select i1 %less, i32 %next, i32 %low
  %newhigh = select i1 %less, i32 %high, i32 %middle
  %more = icmp ult i32 %newlow, %newhigh
  br i1 %more, label %loop, label %exit
exit:
  ret i32 %newlow
}

; A heap: the smaller child is where to go on.
define i32 @heap(i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 1, %entry ], [ %child, %loop ]
  %left = shl i32 %i, 4
  %right = add i32 %left, 8
  %a = zext i32 %left to i64
  %b = zext i32 %right to i64
  %pa = getelementptr i8, ptr @memory, i64 %a
  %pb = getelementptr i8, ptr @memory, i64 %b
  %va = load i64, ptr %pa, align 1
  %vb = load i64, ptr %pb, align 1
  %less = icmp slt i64 %va, %vb
  %child = select i1 %less, i32 %left, i32 %right
  %more = icmp ult i32 %child, %n
  br i1 %more, label %loop, label %exit
exit:
  ret i32 %child
}

; The place of the maximum: it changes seldom.
define i32 @maximum(i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 4, %entry ], [ %next, %loop ]
  %best = phi i32 [ 0, %entry ], [ %newbest, %loop ]
  %a = zext i32 %i to i64
  %b = zext i32 %best to i64
  %pa = getelementptr i8, ptr @memory, i64 %a
  %pb = getelementptr i8, ptr @memory, i64 %b
  %va = load i32, ptr %pa, align 1
  %vb = load i32, ptr %pb, align 1
  %more.here = icmp ugt i32 %va, %vb
  %newbest = select i1 %more.here, i32 %i, i32 %best
  %next = add i32 %i, 4
  %more = icmp ult i32 %next, %n
  br i1 %more, label %loop, label %exit
exit:
  ret i32 %newbest
}

; Equality is guessed well, and a value that nothing is found by does not matter.
define i32 @others(i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %sum = phi i32 [ 0, %entry ], [ %newsum, %loop ]
  %a = zext i32 %i to i64
  %pa = getelementptr i8, ptr @memory, i64 %a
  %v = load i32, ptr %pa, align 1
  %blank = icmp eq i32 %v, 32
  %step = select i1 %blank, i32 1, i32 2
  %large = icmp ugt i32 %v, 9
  %term = select i1 %large, i32 3, i32 5
  %newsum = add i32 %sum, %term
  %next = add i32 %i, %step
  %more = icmp ult i32 %next, %n
  br i1 %more, label %loop, label %exit
exit:
  ret i32 %newsum
}

; What becomes of it:
define i32 @search(i32 %key, i32 %n) {
entry:
  br label %loop

loop:                                             ; preds = %loop, %entry
  %low = phi i32 [ 0, %entry ], [ %newlow, %loop ]
  %high = phi i32 [ %n, %entry ], [ %newhigh, %loop ]
  %sum = add i32 %low, %high
  %middle = lshr i32 %sum, 1
  %offset = shl i32 %middle, 2
  %index = zext i32 %offset to i64
  %p = getelementptr i8, ptr @memory, i64 %index
  %v = load i32, ptr %p, align 1
  %less = icmp ult i32 %v, %key
  %next = add i32 %middle, 1
  %newlow = select i1 %less, i32 %next, i32 %low, !unpredictable !0
  %newhigh = select i1 %less, i32 %high, i32 %middle, !unpredictable !0
  %more = icmp ult i32 %newlow, %newhigh
  br i1 %more, label %loop, label %exit

exit:                                             ; preds = %loop
  ret i32 %newlow
}

define i32 @heap(i32 %n) {
entry:
  br label %loop

loop:                                             ; preds = %loop, %entry
  %i = phi i32 [ 1, %entry ], [ %child, %loop ]
  %left = shl i32 %i, 4
  %right = add i32 %left, 8
  %a = zext i32 %left to i64
  %b = zext i32 %right to i64
  %pa = getelementptr i8, ptr @memory, i64 %a
  %pb = getelementptr i8, ptr @memory, i64 %b
  %va = load i64, ptr %pa, align 1
  %vb = load i64, ptr %pb, align 1
  %less = icmp slt i64 %va, %vb
  %child = select i1 %less, i32 %left, i32 %right, !unpredictable !0
  %more = icmp ult i32 %child, %n
  br i1 %more, label %loop, label %exit

exit:                                             ; preds = %loop
  ret i32 %child
}

define i32 @maximum(i32 %n) {
entry:
  br label %loop

loop:                                             ; preds = %loop, %entry
  %i = phi i32 [ 4, %entry ], [ %next, %loop ]
  %best = phi i32 [ 0, %entry ], [ %newbest, %loop ]
  %a = zext i32 %i to i64
  %b = zext i32 %best to i64
  %pa = getelementptr i8, ptr @memory, i64 %a
  %pb = getelementptr i8, ptr @memory, i64 %b
  %va = load i32, ptr %pa, align 1
  %vb = load i32, ptr %pb, align 1
  %more.here = icmp ugt i32 %va, %vb
  %newbest = select i1 %more.here, i32 %i, i32 %best
  %next = add i32 %i, 4
  %more = icmp ult i32 %next, %n
  br i1 %more, label %loop, label %exit

exit:                                             ; preds = %loop
  ret i32 %newbest
}

define i32 @others(i32 %n) {
entry:
  br label %loop

loop:                                             ; preds = %loop, %entry
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %sum = phi i32 [ 0, %entry ], [ %newsum, %loop ]
  %a = zext i32 %i to i64
  %pa = getelementptr i8, ptr @memory, i64 %a
  %v = load i32, ptr %pa, align 1
  %blank = icmp eq i32 %v, 32
  %step = select i1 %blank, i32 1, i32 2
  %large = icmp ugt i32 %v, 9
  %term = select i1 %large, i32 3, i32 5
  %newsum = add i32 %sum, %term
  %next = add i32 %i, %step
  %more = icmp ult i32 %next, %n
  br i1 %more, label %loop, label %exit

exit:                                             ; preds = %loop
  ret i32 %newsum
}

!0 = !{}
