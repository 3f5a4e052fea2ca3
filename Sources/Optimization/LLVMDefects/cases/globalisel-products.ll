; GlobalISel takes the lower half of a factor for the factor: 2^32 + 8 for 8, a shift by three.
;
; run: llc-22 -mtriple=aarch64-linux-musl -O0 -global-isel
; wrong: ldr x0, [x0, x1, lsl #3]

define i64 @f(ptr %base, i64 %x) {
  %index = mul i64 %x, 4294967304
  %place = getelementptr i8, ptr %base, i64 %index
  %result = load i64, ptr %place, align 1
  ret i64 %result
}
