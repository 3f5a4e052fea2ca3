; GlobalISel looks through a zero extension for a shift: the access is at 4 * x, which has 34 bits,
; instead of at what a shift in 32 bits leaves of it.
;
; run: llc-22 -mtriple=aarch64-linux-musl -O0 -global-isel
; wrong: ldr w0, [x0, w1, uxtw #2]

define i32 @f(ptr %base, i32 %x) {
  %wrapped = shl i32 %x, 2
  %index = zext i32 %wrapped to i64
  %place = getelementptr i8, ptr %base, i64 %index
  %result = load i32, ptr %place, align 1
  ret i32 %result
}
