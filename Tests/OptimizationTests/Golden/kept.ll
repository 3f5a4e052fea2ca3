; Loops that stay as they are: with a volatile access, with an atomic one, with a call, with a store
; to a place that is not understood, and with a counter that the loop's test does not bound.
; pass: loop-versions

@memory = external global [0 x i8]

declare void @other()

define void @volatile(i32 %a, i32 %n) {
entry:
  br label %loop

loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %place = add i32 %a, %i
  %place64 = zext i32 %place to i64
  %p = getelementptr i8, ptr @memory, i64 %place64
  %byte = load volatile i8, ptr %p, align 1
  %next = add i32 %i, 1
  %again = icmp ult i32 %next, %n
  br i1 %again, label %loop, label %exit

exit:
  ret void
}

define void @atomic(i32 %a, i32 %n) {
entry:
  br label %loop

loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %place = add i32 %a, %i
  %place64 = zext i32 %place to i64
  %p = getelementptr i8, ptr @memory, i64 %place64
  store atomic i8 0, ptr %p monotonic, align 1
  %next = add i32 %i, 1
  %again = icmp ult i32 %next, %n
  br i1 %again, label %loop, label %exit

exit:
  ret void
}

define void @call(i32 %a, i32 %n) {
entry:
  br label %loop

loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %place = add i32 %a, %i
  %place64 = zext i32 %place to i64
  %p = getelementptr i8, ptr @memory, i64 %place64
  store i8 0, ptr %p, align 1
  call void @other()
  %next = add i32 %i, 1
  %again = icmp ult i32 %next, %n
  br i1 %again, label %loop, label %exit

exit:
  ret void
}

define void @scattered(i32 %a, i32 %b, i32 %n) {
entry:
  br label %loop

loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %place = add i32 %a, %i
  %place64 = zext i32 %place to i64
  %p = getelementptr i8, ptr @memory, i64 %place64
  %byte = load i8, ptr %p, align 1
  %index = zext i8 %byte to i32
  %target = add i32 %b, %index
  %target64 = zext i32 %target to i64
  %q = getelementptr i8, ptr @memory, i64 %target64
  store i8 1, ptr %q, align 1
  %next = add i32 %i, 1
  %again = icmp ult i32 %next, %n
  br i1 %again, label %loop, label %exit

exit:
  ret void
}

define void @until_equal(i32 %a, i32 %n) {
entry:
  br label %loop

loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %place = add i32 %a, %i
  %place64 = zext i32 %place to i64
  %p = getelementptr i8, ptr @memory, i64 %place64
  store i8 0, ptr %p, align 1
  %next = add i32 %i, 1
  %again = icmp ugt i32 %next, %n
  br i1 %again, label %loop, label %exit

exit:
  ret void
}

; What becomes of it:
define void @volatile(i32 %a, i32 %n) {
entry:
  br label %loop

loop:                                             ; preds = %loop, %entry
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %place = add i32 %a, %i
  %place64 = zext i32 %place to i64
  %p = getelementptr i8, ptr @memory, i64 %place64
  %byte = load volatile i8, ptr %p, align 1
  %next = add i32 %i, 1
  %again = icmp ult i32 %next, %n
  br i1 %again, label %loop, label %exit

exit:                                             ; preds = %loop
  ret void
}

define void @atomic(i32 %a, i32 %n) {
entry:
  br label %loop

loop:                                             ; preds = %loop, %entry
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %place = add i32 %a, %i
  %place64 = zext i32 %place to i64
  %p = getelementptr i8, ptr @memory, i64 %place64
  store atomic i8 0, ptr %p monotonic, align 1
  %next = add i32 %i, 1
  %again = icmp ult i32 %next, %n
  br i1 %again, label %loop, label %exit

exit:                                             ; preds = %loop
  ret void
}

define void @call(i32 %a, i32 %n) {
entry:
  br label %loop

loop:                                             ; preds = %loop, %entry
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %place = add i32 %a, %i
  %place64 = zext i32 %place to i64
  %p = getelementptr i8, ptr @memory, i64 %place64
  store i8 0, ptr %p, align 1
  call void @other()
  %next = add i32 %i, 1
  %again = icmp ult i32 %next, %n
  br i1 %again, label %loop, label %exit

exit:                                             ; preds = %loop
  ret void
}

define void @scattered(i32 %a, i32 %b, i32 %n) {
entry:
  br label %loop

loop:                                             ; preds = %loop, %entry
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %place = add i32 %a, %i
  %place64 = zext i32 %place to i64
  %p = getelementptr i8, ptr @memory, i64 %place64
  %byte = load i8, ptr %p, align 1
  %index = zext i8 %byte to i32
  %target = add i32 %b, %index
  %target64 = zext i32 %target to i64
  %q = getelementptr i8, ptr @memory, i64 %target64
  store i8 1, ptr %q, align 1
  %next = add i32 %i, 1
  %again = icmp ult i32 %next, %n
  br i1 %again, label %loop, label %exit

exit:                                             ; preds = %loop
  ret void
}

define void @until_equal(i32 %a, i32 %n) {
entry:
  br label %loop

loop:                                             ; preds = %loop, %entry
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %place = add i32 %a, %i
  %place64 = zext i32 %place to i64
  %p = getelementptr i8, ptr @memory, i64 %place64
  store i8 0, ptr %p, align 1
  %next = add i32 %i, 1
  %again = icmp ugt i32 %next, %n
  br i1 %again, label %loop, label %exit

exit:                                             ; preds = %loop
  ret void
}
