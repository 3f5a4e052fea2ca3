; Pointers that stand before a loop and are used in it.
; pass: loop-pointers

@memory = external hidden global [0 x i8], align 1, !absolute_symbol !0

; Hidden: a copy that ends at the same counter in both places.
define void @copies(i32 %from, i32 %to, i64 %count) {
entry:
  %a = zext i32 %from to i64
  %source = getelementptr i8, ptr @memory, i64 %a
  %b = zext i32 %to to i64
  %target = getelementptr i8, ptr @memory, i64 %b
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %from.i = getelementptr i8, ptr %source, i64 %i
  %to.i = getelementptr i8, ptr %target, i64 %i
  %byte = load i8, ptr %from.i, align 1
  store i8 %byte, ptr %to.i, align 1
  %next = add i64 %i, 1
  %goes_on = icmp ult i64 %next, %count
  br i1 %goes_on, label %loop, label %exit
exit:
  ret void
}

; Left alone: the one is computed where it is used, the other one is used in no loop.
define i8 @stays(i32 %from, i1 %which) {
entry:
  %a = zext i32 %from to i64
  %outside = getelementptr i8, ptr @memory, i64 %a
  br label %loop
loop:
  %p = phi i32 [ %from, %entry ], [ %next, %loop ]
  %b = zext i32 %p to i64
  %inside = getelementptr i8, ptr @memory, i64 %b
  %byte = load i8, ptr %inside, align 1
  %next = add i32 %p, 1
  %goes_on = icmp eq i8 %byte, 0
  br i1 %goes_on, label %loop, label %exit
exit:
  %found = load i8, ptr %outside, align 1
  ret i8 %found
}

!0 = !{i64 0, i64 2147483648}

; What becomes of it:
define void @copies(i32 %from, i32 %to, i64 %count) {
entry:
  %a = zext i32 %from to i64
  %source = getelementptr i8, ptr @memory, i64 %a
  %0 = freeze ptr %source
  %b = zext i32 %to to i64
  %target = getelementptr i8, ptr @memory, i64 %b
  %1 = freeze ptr %target
  br label %loop

loop:                                             ; preds = %loop, %entry
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %from.i = getelementptr i8, ptr %0, i64 %i
  %to.i = getelementptr i8, ptr %1, i64 %i
  %byte = load i8, ptr %from.i, align 1
  store i8 %byte, ptr %to.i, align 1
  %next = add i64 %i, 1
  %goes_on = icmp ult i64 %next, %count
  br i1 %goes_on, label %loop, label %exit

exit:                                             ; preds = %loop
  ret void
}

define i8 @stays(i32 %from, i1 %which) {
entry:
  %a = zext i32 %from to i64
  %outside = getelementptr i8, ptr @memory, i64 %a
  br label %loop

loop:                                             ; preds = %loop, %entry
  %p = phi i32 [ %from, %entry ], [ %next, %loop ]
  %b = zext i32 %p to i64
  %inside = getelementptr i8, ptr @memory, i64 %b
  %byte = load i8, ptr %inside, align 1
  %next = add i32 %p, 1
  %goes_on = icmp eq i8 %byte, 0
  br i1 %goes_on, label %loop, label %exit

exit:                                             ; preds = %loop
  %found = load i8, ptr %outside, align 1
  ret i8 %found
}

!0 = !{i64 0, i64 2147483648}
