; Switches on many values with few targets.
; pass: switch-tables

define i32 @letters(i8 %letter, i32 %x) {
entry:
  switch i8 %letter, label %other [
    i8 65, label %a
    i8 69, label %e
    i8 70, label %e
    i8 71, label %e
    i8 73, label %i
    i8 79, label %o
    i8 85, label %u
    i8 89, label %u
    i8 66, label %join
    i8 67, label %join
    i8 68, label %join
    i8 72, label %join
    i8 74, label %join
    i8 75, label %join
    i8 76, label %join
    i8 77, label %join
    i8 78, label %join
    i8 80, label %join
    i8 81, label %other
  ]
a:
  br label %join
e:
  br label %join
i:
  br label %join
o:
  ret i32 4
u:
  ret i32 5
other:
  %y = phi i32 [ 7, %entry ], [ 7, %entry ]
  ret i32 %y
join:
  %z = phi i32 [ 1, %a ], [ %x, %entry ], [ %x, %entry ], [ %x, %entry ], [ %x, %entry ], [ %x, %entry ], [ %x, %entry ], [ %x, %entry ], [ %x, %entry ], [ %x, %entry ], [ %x, %entry ], [ 2, %e ], [ 3, %i ]
  ret i32 %z
}

; Each value has a target of its own: another table would only be more.
define i32 @distinct(i32 %x) {
  switch i32 %x, label %other [
    i32 0, label %a
    i32 1, label %b
    i32 2, label %c
    i32 3, label %d
    i32 4, label %e
  ]
a:
  ret i32 11
b:
  ret i32 12
c:
  ret i32 14
d:
  ret i32 17
e:
  ret i32 21
other:
  ret i32 0
}

; What becomes of it:
define i32 @letters(i8 %letter, i32 %x) {
entry:
  %0 = zext i8 %letter to i32
  %1 = sub i32 %0, 65
  %2 = call i32 @llvm.umin.i32(i32 %1, i32 25)
  %3 = zext i32 %2 to i64
  %4 = getelementptr i8, ptr @0, i64 %3
  %5 = load i8, ptr %4, align 1
  %6 = zext i8 %5 to i32
  switch i32 %6, label %9 [
    i32 0, label %other
    i32 1, label %a
    i32 2, label %e
    i32 3, label %i
    i32 4, label %o
    i32 5, label %u
    i32 6, label %join
  ]

a:                                                ; preds = %entry
  br label %join

e:                                                ; preds = %entry
  br label %join

i:                                                ; preds = %entry
  br label %join

o:                                                ; preds = %entry
  ret i32 4

u:                                                ; preds = %entry
  ret i32 5

other:                                            ; preds = %entry
  %7 = phi i32 [ 7, %entry ]
  ret i32 %7

join:                                             ; preds = %entry, %i, %e, %a
  %8 = phi i32 [ 1, %a ], [ %x, %entry ], [ 2, %e ], [ 3, %i ]
  ret i32 %8

9:                                                ; preds = %entry
  unreachable
}

define i32 @distinct(i32 %x) {
  switch i32 %x, label %other [
    i32 0, label %a
    i32 1, label %b
    i32 2, label %c
    i32 3, label %d
    i32 4, label %e
  ]

a:                                                ; preds = %0
  ret i32 11

b:                                                ; preds = %0
  ret i32 12

c:                                                ; preds = %0
  ret i32 14

d:                                                ; preds = %0
  ret i32 17

e:                                                ; preds = %0
  ret i32 21

other:                                            ; preds = %0
  ret i32 0
}

declare i32 @llvm.umin.i32(i32, i32) #0

attributes #0 = { nocallback nocreateundeforpoison nofree nosync nounwind speculatable willreturn memory(none) }
