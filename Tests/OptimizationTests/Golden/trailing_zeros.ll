; Counting trailing zeros with shifts, as dlmalloc does it.
; pass: trailing-zeros

define i32 @counts(i32 %x) {
  %negative = sub i32 0, %x
  %lowest = and i32 %x, %negative
  %mask = add i32 %lowest, -1
  %s0 = lshr i32 %mask, 12
  %n0 = and i32 %s0, 16
  %a0 = and i32 %n0, 31
  %m0 = lshr i32 %mask, %a0
  %s1 = lshr i32 %m0, 5
  %n1 = and i32 %s1, 8
  %o1 = or i32 %n1, %n0
  %m1 = lshr i32 %m0, %n1
  %s2 = lshr i32 %m1, 2
  %n2 = and i32 %s2, 4
  %o2 = or i32 %o1, %n2
  %m2 = lshr i32 %m1, %n2
  %s3 = lshr i32 %m2, 1
  %n3 = and i32 %s3, 2
  %o3 = or i32 %o2, %n3
  %m3 = lshr i32 %m2, %n3
  %s4 = lshr i32 %m3, 1
  %n4 = and i32 %s4, 1
  %o4 = or i32 %o3, %n4
  %m4 = lshr i32 %m3, %n4
  %count = add i32 %o4, %m4
  ret i32 %count
}

; The same with the mask as LLVM would write it.
define i32 @counts_in_another_form(i32 %x) {
  %less = add i32 %x, -1
  %flipped = xor i32 %x, -1
  %mask = and i32 %less, %flipped
  %s0 = lshr i32 %mask, 12
  %n0 = and i32 %s0, 16
  %a0 = and i32 %n0, 31
  %m0 = lshr i32 %mask, %a0
  %s1 = lshr i32 %m0, 5
  %n1 = and i32 %s1, 8
  %o1 = or i32 %n1, %n0
  %m1 = lshr i32 %m0, %n1
  %s2 = lshr i32 %m1, 2
  %n2 = and i32 %s2, 4
  %o2 = or i32 %o1, %n2
  %m2 = lshr i32 %m1, %n2
  %s3 = lshr i32 %m2, 1
  %n3 = and i32 %s3, 2
  %o3 = or i32 %o2, %n3
  %m3 = lshr i32 %m2, %n3
  %s4 = lshr i32 %m3, 1
  %n4 = and i32 %s4, 1
  %o4 = or i32 %o3, %n4
  %m4 = lshr i32 %m3, %n4
  %count = add i32 %o4, %m4
  ret i32 %count
}

; One of the steps is wrong.
define i32 @does_not_count(i32 %x) {
  %negative = sub i32 0, %x
  %lowest = and i32 %x, %negative
  %mask = add i32 %lowest, -1
  %s0 = lshr i32 %mask, 12
  %n0 = and i32 %s0, 8
  %m0 = lshr i32 %mask, %n0
  %count = add i32 %m0, %n0
  ret i32 %count
}

; It also depends on something else.
define i32 @counts_and_adds(i32 %x, i32 %y) {
  %negative = sub i32 0, %x
  %lowest = and i32 %x, %negative
  %mask = add i32 %lowest, -1
  %shifted = lshr i32 %mask, 1
  %count = add i32 %shifted, %y
  ret i32 %count
}

; What becomes of it:
define i32 @counts(i32 %x) {
  %negative = sub i32 0, %x
  %lowest = and i32 %x, %negative
  %mask = add i32 %lowest, -1
  %s0 = lshr i32 %mask, 12
  %n0 = and i32 %s0, 16
  %a0 = and i32 %n0, 31
  %m0 = lshr i32 %mask, %a0
  %s1 = lshr i32 %m0, 5
  %n1 = and i32 %s1, 8
  %o1 = or i32 %n1, %n0
  %m1 = lshr i32 %m0, %n1
  %s2 = lshr i32 %m1, 2
  %n2 = and i32 %s2, 4
  %o2 = or i32 %o1, %n2
  %m2 = lshr i32 %m1, %n2
  %s3 = lshr i32 %m2, 1
  %n3 = and i32 %s3, 2
  %o3 = or i32 %o2, %n3
  %m3 = lshr i32 %m2, %n3
  %s4 = lshr i32 %m3, 1
  %n4 = and i32 %s4, 1
  %o4 = or i32 %o3, %n4
  %m4 = lshr i32 %m3, %n4
  %1 = call i32 @llvm.cttz.i32(i32 %x, i1 false)
  %count = add i32 %o4, %m4
  ret i32 %1
}

define i32 @counts_in_another_form(i32 %x) {
  %less = add i32 %x, -1
  %flipped = xor i32 %x, -1
  %mask = and i32 %less, %flipped
  %s0 = lshr i32 %mask, 12
  %n0 = and i32 %s0, 16
  %a0 = and i32 %n0, 31
  %m0 = lshr i32 %mask, %a0
  %s1 = lshr i32 %m0, 5
  %n1 = and i32 %s1, 8
  %o1 = or i32 %n1, %n0
  %m1 = lshr i32 %m0, %n1
  %s2 = lshr i32 %m1, 2
  %n2 = and i32 %s2, 4
  %o2 = or i32 %o1, %n2
  %m2 = lshr i32 %m1, %n2
  %s3 = lshr i32 %m2, 1
  %n3 = and i32 %s3, 2
  %o3 = or i32 %o2, %n3
  %m3 = lshr i32 %m2, %n3
  %s4 = lshr i32 %m3, 1
  %n4 = and i32 %s4, 1
  %o4 = or i32 %o3, %n4
  %m4 = lshr i32 %m3, %n4
  %1 = call i32 @llvm.cttz.i32(i32 %x, i1 false)
  %count = add i32 %o4, %m4
  ret i32 %1
}

define i32 @does_not_count(i32 %x) {
  %negative = sub i32 0, %x
  %lowest = and i32 %x, %negative
  %mask = add i32 %lowest, -1
  %s0 = lshr i32 %mask, 12
  %n0 = and i32 %s0, 8
  %m0 = lshr i32 %mask, %n0
  %count = add i32 %m0, %n0
  ret i32 %count
}

define i32 @counts_and_adds(i32 %x, i32 %y) {
  %negative = sub i32 0, %x
  %lowest = and i32 %x, %negative
  %mask = add i32 %lowest, -1
  %shifted = lshr i32 %mask, 1
  %count = add i32 %shifted, %y
  ret i32 %count
}

declare i32 @llvm.cttz.i32(i32, i1 immarg) #0

attributes #0 = { nocallback nofree nosync nounwind speculatable willreturn memory(none) }
