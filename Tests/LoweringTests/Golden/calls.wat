;; Host functions get the context first; a table that nothing writes is constant data.
(module
  (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (type $unary (func (param i32) (result i32)))
  (table funcref (elem $twice $close))
  (global $counter (mut i32) (i32.const 3))
  (global $constant i64 (i64.const 4))
  (func $twice (param i32) (result i32) (i32.add (local.get 0) (local.get 0)))
  (func $direct (param i32) (result i32) (call $twice (call $close (local.get 0))))
  (func $indirect (param i32 i32) (result i32)
    (call_indirect (type $unary) (local.get 0) (local.get 1)))
  (func $leave (result i32) (call $exit (i32.const 2)) (i32.const 1))
  (func $globals (result i64)
    (global.set $counter (i32.add (global.get $counter) (i32.const 1)))
    (global.get $constant)))

;;; IR
define internal fastcc i32 @wasm.f2(i32 %0) {
entry:
  %1 = add i32 %0, %0
  ret i32 %1
}

define internal fastcc i32 @wasm.f3(i32 %0) {
entry:
  %1 = call i32 @smelt_wasi_snapshot_preview1_fd_close(ptr @smelt_context, i32 %0)
  %2 = notail call fastcc i32 @wasm.f2(i32 %1)
  ret i32 %2
}

define internal fastcc i32 @wasm.f4(i32 %0, i32 %1) {
entry:
  %2 = zext i32 %1 to i64
  switch i64 %2, label %other [
    i64 0, label %call
    i64 1, label %call1
  ]

other:                                            ; preds = %entry
  %3 = icmp uge i64 %2, 2
  br i1 %3, label %trap, label %6

call:                                             ; preds = %entry
  %4 = notail call fastcc i32 @wasm.f2(i32 %0)
  br label %called

call1:                                            ; preds = %entry
  %5 = notail call fastcc i32 @wasm.f0(i32 %0)
  br label %called

6:                                                ; preds = %other
  %7 = mul i64 %2, 16
  %8 = getelementptr i8, ptr @smelt_table_0_calls, i64 %7
  %9 = load i32, ptr %8, align 8
  %10 = icmp eq i32 %9, 1
  br i1 %10, label %12, label %wrong

wrong:                                            ; preds = %6
  %11 = icmp eq i32 %9, 0
  br i1 %11, label %trap2, label %15

12:                                               ; preds = %6
  %13 = getelementptr i8, ptr %8, i64 8
  %14 = load ptr, ptr %13, align 8
  unreachable

15:                                               ; preds = %wrong
  br label %trap3

called:                                           ; preds = %call1, %call
  %16 = phi i32 [ %4, %call ], [ %5, %call1 ]
  ret i32 %16

trap:                                             ; preds = %other
  call void @llvm.ubsantrap(i8 7)
  unreachable

trap2:                                            ; preds = %wrong
  call void @llvm.ubsantrap(i8 8)
  unreachable

trap3:                                            ; preds = %15
  call void @llvm.ubsantrap(i8 9)
  unreachable
}

define internal fastcc i32 @wasm.f0(i32 %0) {
entry:
  %1 = call i32 @smelt_wasi_snapshot_preview1_fd_close(ptr @smelt_context, i32 %0)
  ret i32 %1
}

define internal fastcc i32 @wasm.f5() {
entry:
  call void @smelt_wasi_snapshot_preview1_proc_exit(ptr @smelt_context, i32 2)
  unreachable
}

define internal fastcc i64 @wasm.f6() {
entry:
  %0 = load i32, ptr @smelt_global_0, align 4
  %1 = add i32 %0, 1
  store i32 %1, ptr @smelt_global_0, align 4
  ret i64 4
}
