; pass: nearby-addresses
; Addresses that are a constant apart from one that is accessed too are computed from it.

@memory = external global [0 x i8]

declare void @effect()

; The lowest one comes last: it faults whenever another one wraps around.
define double @block(i32 %p) {
  %p8 = add i32 %p, 8
  %i8 = zext i32 %p8 to i64
  %a8 = getelementptr i8, ptr @memory, i64 %i8
  %x = load double, ptr %a8, align 1
  %i0 = zext i32 %p to i64
  %a0 = getelementptr i8, ptr @memory, i64 %i0
  %a24 = getelementptr i8, ptr %a0, i64 24
  store double %x, ptr %a24, align 1
  %y = load double, ptr %a0, align 1
  ret double %y
}

; None of them is the root itself; an `or` is an addition.
define i32 @sums(i32 %r) {
  %p = shl i32 %r, 4
  %p12 = or disjoint i32 %p, 12
  %i12 = zext i32 %p12 to i64
  %a12 = getelementptr i8, ptr @memory, i64 %i12
  %x = load i32, ptr %a12, align 1
  %m4 = add i32 %p, -4
  %j4 = zext i32 %m4 to i64
  %b4 = getelementptr i8, ptr @memory, i64 %j4
  %y = load i32, ptr %b4, align 1
  %z = add i32 %x, %y
  ret i32 %z
}

; What comes before an effect need not be followed by what comes behind it.
define i32 @effects(i32 %p) {
  %p8 = add i32 %p, 8
  %i8 = zext i32 %p8 to i64
  %a8 = getelementptr i8, ptr @memory, i64 %i8
  store i32 1, ptr %a8, align 1
  call void @effect()
  %i0 = zext i32 %p to i64
  %a0 = getelementptr i8, ptr @memory, i64 %i0
  store i32 2, ptr %a0, align 1
  call void @effect()
  %p12 = add i32 %p, 12
  %i12 = zext i32 %p12 to i64
  %a12 = getelementptr i8, ptr @memory, i64 %i12
  %x = load i32, ptr %a12, align 1
  ret i32 %x
}

; What was accessed holds where control must have come by, and not where it may have.
define i32 @branches(i32 %p, i1 %c) {
  %p4 = add i32 %p, 4
  %i4 = zext i32 %p4 to i64
  %a4 = getelementptr i8, ptr @memory, i64 %i4
  store i32 1, ptr %a4, align 1
  br i1 %c, label %then, label %join
then:
  %i0 = zext i32 %p to i64
  %a0 = getelementptr i8, ptr @memory, i64 %i0
  store i32 2, ptr %a0, align 1
  br label %join
join:
  %p8 = add i32 %p, 8
  %i8 = zext i32 %p8 to i64
  %a8 = getelementptr i8, ptr @memory, i64 %i8
  %x = load i32, ptr %a8, align 1
  %p2 = add i32 %p, 2
  %i2 = zext i32 %p2 to i64
  %a2 = getelementptr i8, ptr @memory, i64 %i2
  %y = load i16, ptr %a2, align 1
  %z = zext i16 %y to i32
  %sum = add i32 %x, %z
  ret i32 %sum
}

; More than 64 KiB are too far: the guard region is no larger.
define i32 @far(i32 %p) {
  %i0 = zext i32 %p to i64
  %a0 = getelementptr i8, ptr @memory, i64 %i0
  %x = load i32, ptr %a0, align 1
  %far = add i32 %p, 65540
  %i1 = zext i32 %far to i64
  %a1 = getelementptr i8, ptr @memory, i64 %i1
  %y = load i32, ptr %a1, align 1
  %near = add i32 %p, 65536
  %i2 = zext i32 %near to i64
  %a2 = getelementptr i8, ptr @memory, i64 %i2
  %z = load i32, ptr %a2, align 1
  %s = add i32 %x, %y
  %t = add i32 %s, %z
  ret i32 %t
}

; What becomes of it:
define double @block(i32 %p) {
  %p8 = add i32 %p, 8
  %i8 = zext i32 %p8 to i64
  %a8 = getelementptr i8, ptr @memory, i64 %i8
  %1 = zext i32 %p to i64
  %2 = getelementptr i8, ptr @memory, i64 %1
  %3 = getelementptr i8, ptr %2, i64 8
  %x = load double, ptr %3, align 1
  %i0 = zext i32 %p to i64
  %a0 = getelementptr i8, ptr @memory, i64 %i0
  %a24 = getelementptr i8, ptr %a0, i64 24
  %4 = getelementptr i8, ptr @memory, i64 %1
  %5 = getelementptr i8, ptr %4, i64 24
  store double %x, ptr %5, align 1
  %6 = getelementptr i8, ptr @memory, i64 %1
  %y = load double, ptr %6, align 1
  ret double %y
}

define i32 @sums(i32 %r) {
  %p = shl i32 %r, 4
  %p12 = or disjoint i32 %p, 12
  %i12 = zext i32 %p12 to i64
  %a12 = getelementptr i8, ptr @memory, i64 %i12
  %1 = add i32 %p, -4
  %2 = zext i32 %1 to i64
  %3 = getelementptr i8, ptr @memory, i64 %2
  %4 = getelementptr i8, ptr %3, i64 16
  %x = load i32, ptr %4, align 1
  %m4 = add i32 %p, -4
  %j4 = zext i32 %m4 to i64
  %b4 = getelementptr i8, ptr @memory, i64 %j4
  %5 = getelementptr i8, ptr @memory, i64 %2
  %y = load i32, ptr %5, align 1
  %z = add i32 %x, %y
  ret i32 %z
}

define i32 @effects(i32 %p) {
  %p8 = add i32 %p, 8
  %i8 = zext i32 %p8 to i64
  %a8 = getelementptr i8, ptr @memory, i64 %i8
  store i32 1, ptr %a8, align 1
  call void @effect()
  %i0 = zext i32 %p to i64
  %a0 = getelementptr i8, ptr @memory, i64 %i0
  store i32 2, ptr %a0, align 1
  call void @effect()
  %p12 = add i32 %p, 12
  %i12 = zext i32 %p12 to i64
  %a12 = getelementptr i8, ptr @memory, i64 %i12
  %1 = getelementptr i8, ptr @memory, i64 %i0
  %2 = getelementptr i8, ptr %1, i64 12
  %x = load i32, ptr %2, align 1
  ret i32 %x
}

define i32 @branches(i32 %p, i1 %c) {
  %p4 = add i32 %p, 4
  %i4 = zext i32 %p4 to i64
  %a4 = getelementptr i8, ptr @memory, i64 %i4
  store i32 1, ptr %a4, align 1
  br i1 %c, label %then, label %join

then:                                             ; preds = %0
  %i0 = zext i32 %p to i64
  %a0 = getelementptr i8, ptr @memory, i64 %i0
  store i32 2, ptr %a0, align 1
  br label %join

join:                                             ; preds = %then, %0
  %p8 = add i32 %p, 8
  %i8 = zext i32 %p8 to i64
  %a8 = getelementptr i8, ptr @memory, i64 %i8
  %1 = add i32 %p, 2
  %2 = zext i32 %1 to i64
  %3 = getelementptr i8, ptr @memory, i64 %2
  %4 = getelementptr i8, ptr %3, i64 6
  %x = load i32, ptr %4, align 1
  %p2 = add i32 %p, 2
  %i2 = zext i32 %p2 to i64
  %a2 = getelementptr i8, ptr @memory, i64 %i2
  %5 = getelementptr i8, ptr @memory, i64 %2
  %y = load i16, ptr %5, align 1
  %z = zext i16 %y to i32
  %sum = add i32 %x, %z
  ret i32 %sum
}

define i32 @far(i32 %p) {
  %i0 = zext i32 %p to i64
  %a0 = getelementptr i8, ptr @memory, i64 %i0
  %x = load i32, ptr %a0, align 1
  %far = add i32 %p, 65540
  %i1 = zext i32 %far to i64
  %a1 = getelementptr i8, ptr @memory, i64 %i1
  %y = load i32, ptr %a1, align 1
  %near = add i32 %p, 65536
  %i2 = zext i32 %near to i64
  %a2 = getelementptr i8, ptr @memory, i64 %i2
  %1 = getelementptr i8, ptr @memory, i64 %i0
  %2 = getelementptr i8, ptr %1, i64 65536
  %z = load i32, ptr %2, align 1
  %s = add i32 %x, %y
  %t = add i32 %s, %z
  ret i32 %t
}
