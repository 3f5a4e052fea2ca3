;; Tables that are written go through their descriptor; a null entry and a wrong type trap.
(module
  (type $nullary (func (result i32)))
  (table $functions 4 8 funcref)
  (table $externals 2 externref)
  (func $one (result i32) (i32.const 1))
  (elem declare func $one)
  (func $set (param i32) (table.set $functions (local.get 0) (ref.func $one)))
  (func $call (param i32) (result i32)
    (call_indirect $functions (type $nullary) (local.get 0)))
  (func $get (param i32) (result externref) (table.get $externals (local.get 0)))
  (func $is_null (param externref) (result i32) (ref.is_null (local.get 0)))
  (func $size (result i32) (table.size $functions))
  (func $grow (param i32) (result i32) (table.grow $functions (ref.null func) (local.get 0)))
  (func $fill (param i32 i32) (table.fill $functions (local.get 0) (ref.null func) (local.get 1)))
  (elem $segment func $one $one)
  (func $init (table.init $functions $segment (i32.const 0) (i32.const 0) (i32.const 2))
    (elem.drop $segment)))

;;; IR
define internal fastcc i32 @wasm.f0() {
entry:
  ret i32 1
}

define internal fastcc void @wasm.f1(i32 %0) {
entry:
  %1 = zext i32 %0 to i64
  %2 = load i64, ptr getelementptr (i8, ptr @smelt_table_0, i64 8), align 8
  %3 = icmp uge i64 %1, %2
  br i1 %3, label %trap, label %4

4:                                                ; preds = %entry
  %5 = load ptr, ptr @smelt_table_0, align 8
  %6 = mul i64 %1, 8
  %7 = getelementptr i8, ptr %5, i64 %6
  store ptr @smelt_function_0, ptr %7, align 8
  ret void

trap:                                             ; preds = %entry
  call void @llvm.ubsantrap(i8 6)
  unreachable
}

define internal fastcc i32 @wasm.f2(i32 %0) {
entry:
  %1 = zext i32 %0 to i64
  %2 = load i64, ptr getelementptr (i8, ptr @smelt_table_0, i64 8), align 8
  %3 = icmp uge i64 %1, %2
  br i1 %3, label %trap, label %4

4:                                                ; preds = %entry
  %5 = load ptr, ptr @smelt_table_0, align 8
  %6 = mul i64 %1, 8
  %7 = getelementptr i8, ptr %5, i64 %6
  %8 = load ptr, ptr %7, align 8
  %9 = icmp eq ptr %8, null
  br i1 %9, label %trap1, label %10

10:                                               ; preds = %4
  %11 = getelementptr i8, ptr %8, i64 16
  %12 = load i32, ptr %11, align 4
  %13 = icmp eq i32 %12, 1
  br i1 %13, label %15, label %wrong

wrong:                                            ; preds = %10
  %14 = icmp eq i32 %12, 0
  br i1 %14, label %trap1, label %19

15:                                               ; preds = %10
  %16 = getelementptr i8, ptr %8, i64 0
  %17 = load ptr, ptr %16, align 8
  %18 = notail call fastcc i32 %17()
  ret i32 %18

19:                                               ; preds = %wrong
  br label %trap2

trap:                                             ; preds = %entry
  call void @llvm.ubsantrap(i8 7)
  unreachable

trap1:                                            ; preds = %wrong, %4
  call void @llvm.ubsantrap(i8 8)
  unreachable

trap2:                                            ; preds = %19
  call void @llvm.ubsantrap(i8 9)
  unreachable
}

define internal fastcc ptr @wasm.f3(i32 %0) {
entry:
  %1 = zext i32 %0 to i64
  %2 = load i64, ptr getelementptr (i8, ptr @smelt_table_1, i64 8), align 8
  %3 = icmp uge i64 %1, %2
  br i1 %3, label %trap, label %4

4:                                                ; preds = %entry
  %5 = load ptr, ptr @smelt_table_1, align 8
  %6 = mul i64 %1, 8
  %7 = getelementptr i8, ptr %5, i64 %6
  %8 = load ptr, ptr %7, align 8
  ret ptr %8

trap:                                             ; preds = %entry
  call void @llvm.ubsantrap(i8 6)
  unreachable
}

define internal fastcc i32 @wasm.f4(ptr %0) {
entry:
  %1 = icmp eq ptr %0, null
  %2 = zext i1 %1 to i32
  ret i32 %2
}

define internal fastcc i32 @wasm.f5() {
entry:
  %0 = load i64, ptr getelementptr (i8, ptr @smelt_table_0, i64 8), align 8
  %1 = trunc i64 %0 to i32
  ret i32 %1
}

define internal fastcc i32 @wasm.f6(i32 %0) {
entry:
  %1 = zext i32 %0 to i64
  %2 = call i64 @smelt_table_grow(ptr @smelt_table_0, i64 %1, ptr null)
  %3 = trunc i64 %2 to i32
  ret i32 %3
}

define internal fastcc void @wasm.f7(i32 %0, i32 %1) {
entry:
  %2 = zext i32 %1 to i64
  %3 = zext i32 %0 to i64
  %4 = call i32 @smelt_table_fill(ptr @smelt_table_0, i64 %3, ptr null, i64 %2)
  %5 = icmp eq i32 %4, 0
  br i1 %5, label %trap, label %6

6:                                                ; preds = %entry
  ret void

trap:                                             ; preds = %entry
  call void @llvm.ubsantrap(i8 6)
  unreachable
}

define internal fastcc void @wasm.f8() {
entry:
  %0 = load i64, ptr @smelt_elements_1_size, align 8
  %1 = call i32 @smelt_table_init(ptr @smelt_table_0, ptr @smelt_elements_1, i64 %0, i64 0, i64 0, i64 2)
  %2 = icmp eq i32 %1, 0
  br i1 %2, label %trap, label %3

3:                                                ; preds = %entry
  store i64 0, ptr @smelt_elements_1_size, align 8
  ret void

trap:                                             ; preds = %entry
  call void @llvm.ubsantrap(i8 6)
  unreachable
}
