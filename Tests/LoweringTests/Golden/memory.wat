;; Plain accesses on the base symbol, without checks unless the constant offset is huge; a load
;; whose result is dropped stays.
(module
  (memory 1 2)
  (func $load (param i32) (result i32) (i32.load offset=16 (local.get 0)))
  (func $load_byte (param i32) (result i64) (i64.load8_s (local.get 0)))
  (func $store (param i32 f64) (f64.store (local.get 0) (local.get 1)))
  (func $store_half (param i32 i64) (i64.store16 offset=2 (local.get 0) (local.get 1)))
  (func $constant_address (result i32) (i32.load (i32.const 1024)))
  (func $huge_offset (param i32) (result i32) (i32.load offset=4294967295 (local.get 0)))
  (func $dropped (param i32) (drop (i32.load8_u (local.get 0))))
  (func $size (result i32) (memory.size))
  (func $grow (param i32) (result i32) (memory.grow (local.get 0)))
  (func $fill (param i32 i32 i32) (memory.fill (local.get 0) (local.get 1) (local.get 2)))
  (func $copy (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
  (data $d "abcdef")
  (func $init (param i32) (memory.init $d (local.get 0) (i32.const 1) (i32.const 2))
    (data.drop $d)))

;;; IR
define internal fastcc i32 @wasm.f0(i32 %0) {
entry:
  %1 = zext i32 %0 to i64
  %2 = getelementptr i8, ptr @smelt_memory_0_base, i64 %1
  %3 = getelementptr i8, ptr %2, i64 16
  %4 = load i32, ptr %3, align 1
  ret i32 %4
}

define internal fastcc i64 @wasm.f1(i32 %0) {
entry:
  %1 = zext i32 %0 to i64
  %2 = getelementptr i8, ptr @smelt_memory_0_base, i64 %1
  %3 = load i8, ptr %2, align 1
  %4 = sext i8 %3 to i64
  ret i64 %4
}

define internal fastcc void @wasm.f2(i32 %0, double %1) {
entry:
  %2 = zext i32 %0 to i64
  %3 = getelementptr i8, ptr @smelt_memory_0_base, i64 %2
  store double %1, ptr %3, align 1
  ret void
}

define internal fastcc void @wasm.f3(i32 %0, i64 %1) {
entry:
  %2 = trunc i64 %1 to i16
  %3 = zext i32 %0 to i64
  %4 = getelementptr i8, ptr @smelt_memory_0_base, i64 %3
  %5 = getelementptr i8, ptr %4, i64 2
  store i16 %2, ptr %5, align 1
  ret void
}

define internal fastcc i32 @wasm.f4() {
entry:
  %0 = load i32, ptr getelementptr (i8, ptr @smelt_memory_0_base, i64 1024), align 1
  ret i32 %0
}

define internal fastcc i32 @wasm.f5(i32 %0) {
entry:
  %1 = zext i32 %0 to i64
  %2 = load i64, ptr getelementptr (i8, ptr @smelt_memory_0, i64 8), align 8
  %3 = add i64 %1, 4294967299
  %4 = icmp ugt i64 %3, %2
  br i1 %4, label %trap, label %5

5:                                                ; preds = %entry
  %6 = getelementptr i8, ptr @smelt_memory_0_base, i64 %1
  %7 = getelementptr i8, ptr %6, i64 4294967295
  %8 = load i32, ptr %7, align 1
  ret i32 %8

trap:                                             ; preds = %entry
  call void @llvm.ubsantrap(i8 5)
  unreachable
}

define internal fastcc void @wasm.f6(i32 %0) {
entry:
  %1 = zext i32 %0 to i64
  %2 = getelementptr i8, ptr @smelt_memory_0_base, i64 %1
  %3 = load volatile i8, ptr %2, align 1
  %4 = zext i8 %3 to i32
  ret void
}

define internal fastcc i32 @wasm.f7() {
entry:
  %0 = load i64, ptr getelementptr (i8, ptr @smelt_memory_0, i64 8), align 8
  %1 = lshr i64 %0, 16
  %2 = trunc i64 %1 to i32
  ret i32 %2
}

define internal fastcc i32 @wasm.f8(i32 %0) {
entry:
  %1 = zext i32 %0 to i64
  %2 = call i64 @smelt_memory_grow(ptr @smelt_memory_0, i64 %1)
  %3 = trunc i64 %2 to i32
  ret i32 %3
}

define internal fastcc void @wasm.f9(i32 %0, i32 %1, i32 %2) {
entry:
  %3 = zext i32 %2 to i64
  %4 = trunc i32 %1 to i8
  %5 = zext i32 %0 to i64
  %6 = load i64, ptr getelementptr (i8, ptr @smelt_memory_0, i64 8), align 8
  %7 = add i64 %5, %3
  %8 = icmp ugt i64 %7, %6
  br i1 %8, label %trap, label %9

9:                                                ; preds = %entry
  %10 = getelementptr i8, ptr @smelt_memory_0_base, i64 %5
  call void @llvm.memset.p0.i64(ptr align 1 %10, i8 %4, i64 %3, i1 false)
  ret void

trap:                                             ; preds = %entry
  call void @llvm.ubsantrap(i8 5)
  unreachable
}

define internal fastcc void @wasm.f10(i32 %0, i32 %1, i32 %2) {
entry:
  %3 = zext i32 %2 to i64
  %4 = zext i32 %1 to i64
  %5 = zext i32 %0 to i64
  %6 = load i64, ptr getelementptr (i8, ptr @smelt_memory_0, i64 8), align 8
  %7 = add i64 %5, %3
  %8 = icmp ugt i64 %7, %6
  br i1 %8, label %trap, label %9

9:                                                ; preds = %entry
  %10 = load i64, ptr getelementptr (i8, ptr @smelt_memory_0, i64 8), align 8
  %11 = add i64 %4, %3
  %12 = icmp ugt i64 %11, %10
  br i1 %12, label %trap, label %13

13:                                               ; preds = %9
  %14 = getelementptr i8, ptr @smelt_memory_0_base, i64 %5
  %15 = getelementptr i8, ptr @smelt_memory_0_base, i64 %4
  call void @llvm.memmove.p0.p0.i64(ptr align 1 %14, ptr align 1 %15, i64 %3, i1 false)
  ret void

trap:                                             ; preds = %9, %entry
  call void @llvm.ubsantrap(i8 5)
  unreachable
}

define internal fastcc void @wasm.f11(i32 %0) {
entry:
  %1 = zext i32 %0 to i64
  %2 = load i64, ptr getelementptr (i8, ptr @smelt_memory_0, i64 8), align 8
  %3 = add i64 %1, 2
  %4 = icmp ugt i64 %3, %2
  br i1 %4, label %trap, label %5

5:                                                ; preds = %entry
  %6 = load i64, ptr @smelt_data_0_size, align 8
  %7 = icmp ugt i64 3, %6
  br i1 %7, label %trap, label %8

8:                                                ; preds = %5
  %9 = getelementptr i8, ptr @smelt_memory_0_base, i64 %1
  call void @llvm.memcpy.p0.p0.i64(ptr align 1 %9, ptr align 1 getelementptr (i8, ptr @smelt_data_0, i64 1), i64 2, i1 false)
  store i64 0, ptr @smelt_data_0_size, align 8
  ret void

trap:                                             ; preds = %5, %entry
  call void @llvm.ubsantrap(i8 5)
  unreachable
}
