; With a vector on the stack, and 8 modulo 16 bytes of arguments in all, the caller reserves 16 bytes
; more than the function takes off.
;
; run: llc-22 -mtriple=x86_64-linux-musl -O2
; wrong: retq $24
; wrong: subq $40, %rsp

define tailcc void @callee(<4 x i32> %0, <4 x i32> %1, <4 x i32> %2, <4 x i32> %3, <4 x i32> %4,
    <4 x i32> %5, <4 x i32> %6, <4 x i32> %7, <4 x i32> %8, double %9) noinline {
  ret void
}

define void @caller(<4 x i32> %x) {
  call tailcc void @callee(<4 x i32> %x, <4 x i32> %x, <4 x i32> %x, <4 x i32> %x, <4 x i32> %x,
    <4 x i32> %x, <4 x i32> %x, <4 x i32> %x, <4 x i32> %x, double 1.0)
  ret void
}
