; The seventh argument, 42, is not stored to the stack.
;
; run: llc-22 -mtriple=x86_64-linux-musl -O2
; wrong: jmp callee
; absent: $42

declare tailcc void @callee(i64, i64, i64, i64, i64, i64, i64)

define tailcc void @caller(i64, i64, i64, i64, i64, i64, i64) {
  musttail call tailcc void @callee(i64 1, i64 4, i64 8, i64 15, i64 16, i64 23, i64 42)
  ret void
}
