; Only a part of the function needs a frame, and the other one returns without taking its argument
; off the stack.
;
; run: llc-22 -mtriple=aarch64-linux-musl -O2
; wrong: mov w0, #1; ret

declare tailcc void @other(i64)

define tailcc i64 @f(i64 %a, i64, i64, i64, i64, i64, i64, i64, i64 %last) {
  %none = icmp eq i64 %a, 0
  br i1 %none, label %short, label %long

short:
  ret i64 1

long:
  call tailcc void @other(i64 %last)
  call tailcc void @other(i64 %a)
  ret i64 2
}
