; Indices that are extended for addresses in other blocks than those that compute them.
; pass: wide-indices

; A pointer that walks: its parts of 32 bits come from the wide one.
define i32 @walks(i32 %n) {
entry:
  br label %loop
loop:
  %p = phi i32 [ 1024, %entry ], [ %next, %loop ]
  %sum = phi i32 [ 0, %entry ], [ %more, %loop ]
  %index = zext i32 %p to i64
  %address = getelementptr i8, ptr addrspace(256) null, i64 %index
  %value = load i32, ptr addrspace(256) %address, align 1
  %more = add i32 %sum, %value
  %next = add i32 %p, 4
  %goes_on = icmp ult i32 %next, %n
  br i1 %goes_on, label %loop, label %exit
exit:
  %last = add i32 %p, %more
  ret i32 %last
}

; Extended where it is loaded, once.
define i32 @follows(i1 %which) {
entry:
  %p = load i32, ptr addrspace(256) null, align 1
  br i1 %which, label %left, label %right
left:
  %l = zext i32 %p to i64
  %la = getelementptr i8, ptr addrspace(256) null, i64 %l
  %lv = load i32, ptr addrspace(256) %la, align 1
  ret i32 %lv
right:
  %r = zext i32 %p to i64
  %ra = getelementptr i8, ptr addrspace(256) null, i64 %r
  %rv = load i32, ptr addrspace(256) %ra, align 1
  ret i32 %rv
}

; A parameter's upper half is not known: extending it would cost a move on every way.
define i32 @starts_anywhere(i32 %start, i32 %n) {
entry:
  br label %loop
loop:
  %p = phi i32 [ %start, %entry ], [ %next, %loop ]
  %index = zext i32 %p to i64
  %address = getelementptr i8, ptr addrspace(256) null, i64 %index
  %value = load i32, ptr addrspace(256) %address, align 1
  %next = add i32 %p, %value
  %goes_on = icmp ult i32 %next, %n
  br i1 %goes_on, label %loop, label %exit
exit:
  ret i32 %p
}

; What becomes of it:
define i32 @walks(i32 %n) {
entry:
  br label %loop

loop:                                             ; preds = %loop, %entry
  %0 = phi i64 [ 1024, %entry ], [ %2, %loop ]
  %sum = phi i32 [ 0, %entry ], [ %more, %loop ]
  %1 = trunc i64 %0 to i32
  %address = getelementptr i8, ptr addrspace(256) null, i64 %0
  %value = load i32, ptr addrspace(256) %address, align 1
  %more = add i32 %sum, %value
  %next = add i32 %1, 4
  %2 = zext i32 %next to i64
  %goes_on = icmp ult i32 %next, %n
  br i1 %goes_on, label %loop, label %exit

exit:                                             ; preds = %loop
  %3 = trunc i64 %0 to i32
  %last = add i32 %3, %more
  ret i32 %last
}

define i32 @follows(i1 %which) {
entry:
  %p = load i32, ptr addrspace(256) null, align 1
  %0 = zext i32 %p to i64
  br i1 %which, label %left, label %right

left:                                             ; preds = %entry
  %la = getelementptr i8, ptr addrspace(256) null, i64 %0
  %lv = load i32, ptr addrspace(256) %la, align 1
  ret i32 %lv

right:                                            ; preds = %entry
  %ra = getelementptr i8, ptr addrspace(256) null, i64 %0
  %rv = load i32, ptr addrspace(256) %ra, align 1
  ret i32 %rv
}

define i32 @starts_anywhere(i32 %start, i32 %n) {
entry:
  br label %loop

loop:                                             ; preds = %loop, %entry
  %p = phi i32 [ %start, %entry ], [ %next, %loop ]
  %index = zext i32 %p to i64
  %address = getelementptr i8, ptr addrspace(256) null, i64 %index
  %value = load i32, ptr addrspace(256) %address, align 1
  %next = add i32 %p, %value
  %goes_on = icmp ult i32 %next, %n
  br i1 %goes_on, label %loop, label %exit

exit:                                             ; preds = %loop
  ret i32 %p
}
