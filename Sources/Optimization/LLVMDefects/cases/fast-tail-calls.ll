; FastISel does not know that the function takes its arguments off the stack: behind the call, the caller
; does not make up for that, and its own frame is elsewhere.
;
; run: llc-22 -mtriple=aarch64-linux-musl -O0 -global-isel=0
; wrong: bl callee; ldr x30, [sp, #16]

declare tailcc void @callee(i64, i64, i64, i64, i64, i64, i64, i64, i64)

define tailcc void @caller() {
  call tailcc void @callee(i64 1, i64 2, i64 3, i64 4, i64 5, i64 6, i64 7, i64 8, i64 9)
  ret void
}
