;; Function types with subtypes: calls and casts compare numbers first, and ask the runtime about
;; the hierarchy only where a type can have subtypes.
(module
  (type $base (sub (func)))
  (type $derived (sub final $base (func)))
  (table $table 2 funcref)
  (func $f (type $derived))
  (elem (table $table) (i32.const 0) func $f)
  (func $call (param i32) (call_indirect $table (type $base) (local.get 0)))
  (func $call_final (param i32) (call_indirect $table (type $derived) (local.get 0)))
  (func $test (param funcref) (result i32) (ref.test (ref $derived) (local.get 0)))
  (func $cast (param funcref) (result (ref null $base))
    (ref.cast (ref null $base) (local.get 0))))

;;; IR
define internal fastcc void @wasm.f0() {
entry:
  ret void
}

define internal fastcc void @wasm.f1(i32 %0) {
entry:
  %1 = zext i32 %0 to i64
  %2 = icmp uge i64 %1, 2
  br i1 %2, label %trap, label %3

3:                                                ; preds = %entry
  %4 = mul i64 %1, 16
  %5 = getelementptr i8, ptr @smelt_table_0_calls, i64 %4
  %6 = load i32, ptr %5, align 8
  %7 = icmp eq i32 %6, 1
  br i1 %7, label %9, label %wrong

wrong:                                            ; preds = %3
  %8 = icmp eq i32 %6, 0
  br i1 %8, label %trap1, label %12

9:                                                ; preds = %15, %3
  %10 = getelementptr i8, ptr %5, i64 8
  %11 = load ptr, ptr %10, align 8
  notail call fastcc void %11()
  ret void

12:                                               ; preds = %wrong
  %13 = call i32 @smelt_type_is_subtype(i32 %6, i32 1)
  %14 = icmp eq i32 %13, 0
  br i1 %14, label %trap2, label %15

15:                                               ; preds = %12
  br label %9

trap:                                             ; preds = %entry
  call void @llvm.ubsantrap(i8 7)
  unreachable

trap1:                                            ; preds = %wrong
  call void @llvm.ubsantrap(i8 8)
  unreachable

trap2:                                            ; preds = %12
  call void @llvm.ubsantrap(i8 9)
  unreachable
}

define internal fastcc void @wasm.f2(i32 %0) {
entry:
  %1 = zext i32 %0 to i64
  switch i64 %1, label %other [
    i64 0, label %call
  ]

other:                                            ; preds = %entry
  %2 = icmp uge i64 %1, 2
  br i1 %2, label %trap, label %3

call:                                             ; preds = %entry
  notail call fastcc void @wasm.f0()
  br label %called

3:                                                ; preds = %other
  %4 = mul i64 %1, 16
  %5 = getelementptr i8, ptr @smelt_table_0_calls, i64 %4
  %6 = load i32, ptr %5, align 8
  %7 = icmp eq i32 %6, 2
  br i1 %7, label %9, label %wrong

wrong:                                            ; preds = %3
  %8 = icmp eq i32 %6, 0
  br i1 %8, label %trap1, label %12

9:                                                ; preds = %3
  %10 = getelementptr i8, ptr %5, i64 8
  %11 = load ptr, ptr %10, align 8
  unreachable

12:                                               ; preds = %wrong
  br label %trap2

called:                                           ; preds = %call
  ret void

trap:                                             ; preds = %other
  call void @llvm.ubsantrap(i8 7)
  unreachable

trap1:                                            ; preds = %wrong
  call void @llvm.ubsantrap(i8 8)
  unreachable

trap2:                                            ; preds = %12
  call void @llvm.ubsantrap(i8 9)
  unreachable
}

define internal fastcc i32 @wasm.f3(ptr %0) {
entry:
  %1 = icmp eq ptr %0, null
  br i1 %1, label %5, label %cast

cast:                                             ; preds = %entry
  %2 = getelementptr i8, ptr %0, i64 16
  %3 = load i32, ptr %2, align 4
  %4 = icmp eq i32 %3, 2
  br label %5

5:                                                ; preds = %cast, %entry
  %6 = phi i1 [ false, %entry ], [ %4, %cast ]
  %7 = zext i1 %6 to i32
  ret i32 %7
}

define internal fastcc ptr @wasm.f4(ptr %0) {
entry:
  %1 = icmp eq ptr %0, null
  br i1 %1, label %6, label %cast

cast:                                             ; preds = %entry
  %2 = getelementptr i8, ptr %0, i64 16
  %3 = load i32, ptr %2, align 4
  %4 = call i32 @smelt_type_is_subtype(i32 %3, i32 1)
  %5 = icmp ne i32 %4, 0
  br label %6

6:                                                ; preds = %cast, %entry
  %7 = phi i1 [ true, %entry ], [ %5, %cast ]
  %8 = icmp eq i1 %7, false
  br i1 %8, label %trap, label %9

9:                                                ; preds = %6
  ret ptr %0

trap:                                             ; preds = %6
  call void @llvm.ubsantrap(i8 15)
  unreachable
}
