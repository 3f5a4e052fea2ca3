; pass: nearby-addresses
; Where instances are passed, a memory's address is loaded from the instance, and only from there.

define i32 @instance(ptr %instance, ptr %other, i32 %p) {
  %slot = getelementptr i8, ptr %instance, i64 16
  %base = load ptr, ptr %slot, align 8, !invariant.load !0
  %p8 = add i32 %p, 8
  %i8 = zext i32 %p8 to i64
  %a8 = getelementptr i8, ptr %base, i64 %i8
  %x = load i32, ptr %a8, align 1
  %i0 = zext i32 %p to i64
  %a0 = getelementptr i8, ptr %base, i64 %i0
  %y = load i32, ptr %a0, align 1
  %b8 = getelementptr i8, ptr %other, i64 %i8
  %z = load i32, ptr %b8, align 1
  %b0 = getelementptr i8, ptr %other, i64 %i0
  %w = load i32, ptr %b0, align 1
  %s = add i32 %x, %y
  %t = add i32 %z, %w
  %u = add i32 %s, %t
  ret i32 %u
}

; What was stored before a trap can be seen after it.
define void @stores(ptr %instance, i32 %p) {
  %slot = getelementptr i8, ptr %instance, i64 16
  %base = load ptr, ptr %slot, align 8, !invariant.load !0
  %p8 = add i32 %p, 8
  %i8 = zext i32 %p8 to i64
  %a8 = getelementptr i8, ptr %base, i64 %i8
  store i32 1, ptr %a8, align 1
  %i0 = zext i32 %p to i64
  %a0 = getelementptr i8, ptr %base, i64 %i0
  store i32 2, ptr %a0, align 1
  %p16 = add i32 %p, 16
  %i16 = zext i32 %p16 to i64
  %a16 = getelementptr i8, ptr %base, i64 %i16
  store i32 3, ptr %a16, align 1
  ret void
}

!0 = !{}

; What becomes of it:
define i32 @instance(ptr %instance, ptr %other, i32 %p) {
  %slot = getelementptr i8, ptr %instance, i64 16
  %base = load ptr, ptr %slot, align 8, !invariant.load !0
  %p8 = add i32 %p, 8
  %i8 = zext i32 %p8 to i64
  %a8 = getelementptr i8, ptr %base, i64 %i8
  %1 = zext i32 %p to i64
  %2 = getelementptr i8, ptr %base, i64 %1
  %3 = getelementptr i8, ptr %2, i64 8
  %x = load i32, ptr %3, align 1
  %i0 = zext i32 %p to i64
  %a0 = getelementptr i8, ptr %base, i64 %i0
  %4 = getelementptr i8, ptr %base, i64 %1
  %y = load i32, ptr %4, align 1
  %b8 = getelementptr i8, ptr %other, i64 %i8
  %z = load i32, ptr %b8, align 1
  %b0 = getelementptr i8, ptr %other, i64 %i0
  %w = load i32, ptr %b0, align 1
  %s = add i32 %x, %y
  %t = add i32 %z, %w
  %u = add i32 %s, %t
  ret i32 %u
}

define void @stores(ptr %instance, i32 %p) {
  %slot = getelementptr i8, ptr %instance, i64 16
  %base = load ptr, ptr %slot, align 8, !invariant.load !0
  %p8 = add i32 %p, 8
  %i8 = zext i32 %p8 to i64
  %a8 = getelementptr i8, ptr %base, i64 %i8
  store i32 1, ptr %a8, align 1
  %i0 = zext i32 %p to i64
  %a0 = getelementptr i8, ptr %base, i64 %i0
  store i32 2, ptr %a0, align 1
  %p16 = add i32 %p, 16
  %i16 = zext i32 %p16 to i64
  %a16 = getelementptr i8, ptr %base, i64 %i16
  %1 = getelementptr i8, ptr %base, i64 %i0
  %2 = getelementptr i8, ptr %1, i64 16
  store i32 3, ptr %2, align 1
  ret void
}

!0 = !{}
