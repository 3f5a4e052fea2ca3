; Which write barriers are left out: those of an object that was just made, and of what a barrier in front of
; them has remembered. Of an array that is only what the barrier named, and not what follows it.
; pass: object-code

declare ptr @smelt_object_new(i64, i64)
declare void @smelt_write_barrier(ptr, ptr, i64)
declare void @other()

define void @new(ptr %value) {
entry:
  %object = call ptr @smelt_object_new(i64 5, i64 32)
  %place = getelementptr i8, ptr %object, i64 8
  call void @smelt_write_barrier(ptr %object, ptr %place, i64 8)
  store ptr %value, ptr %place, align 8
  ret void
}

define void @twice(ptr %object, ptr %value) {
entry:
  %place = getelementptr i8, ptr %object, i64 8
  call void @smelt_write_barrier(ptr %object, ptr %place, i64 8)
  store ptr %value, ptr %place, align 8
  call void @smelt_write_barrier(ptr %object, ptr %place, i64 8)
  store ptr %object, ptr %place, align 8
  ret void
}

define void @range(ptr %array, ptr %value, i64 %bytes) {
entry:
  %place = getelementptr i8, ptr %array, i64 8
  call void @smelt_write_barrier(ptr %array, ptr %place, i64 8)
  store ptr %value, ptr %place, align 8
  call void @smelt_write_barrier(ptr %array, ptr %place, i64 %bytes)
  ret void
}

define void @call(ptr %object, ptr %value) {
entry:
  %place = getelementptr i8, ptr %object, i64 8
  call void @smelt_write_barrier(ptr %object, ptr %place, i64 8)
  store ptr %value, ptr %place, align 8
  call void @other()
  call void @smelt_write_barrier(ptr %object, ptr %place, i64 8)
  store ptr %object, ptr %place, align 8
  ret void
}

; What becomes of it:
define void @new(ptr %value) {
  %1 = load ptr, ptr @smelt_allocation, align 8
  %2 = getelementptr i8, ptr %1, i64 32
  %3 = load ptr, ptr getelementptr (i8, ptr @smelt_allocation, i64 8), align 8
  %4 = icmp ule ptr %2, %3
  br i1 %4, label %5, label %11, !prof !0

5:                                                ; preds = %0
  store ptr %2, ptr @smelt_allocation, align 8
  %6 = load ptr, ptr getelementptr (i8, ptr @smelt_allocation, i64 16), align 8
  %7 = ptrtoint ptr %1 to i64
  %8 = lshr i64 %7, 4
  %9 = getelementptr i8, ptr %6, i64 %8
  store i8 1, ptr %9, align 1
  %10 = getelementptr i8, ptr %9, i64 1
  store i8 -128, ptr %10, align 1
  store i64 5, ptr %1, align 8
  br label %entry

11:                                               ; preds = %0
  %12 = call preserve_mostcc ptr @smelt_object_new(i64 5, i64 32)
  %13 = icmp ne ptr %12, null
  br i1 %13, label %entry, label %trap, !prof !0

entry:                                            ; preds = %11, %5
  %14 = phi ptr [ %1, %5 ], [ %12, %11 ]
  %place = getelementptr i8, ptr %14, i64 8
  store ptr %value, ptr %place, align 8
  ret void

trap:                                             ; preds = %11
  call void @llvm.ubsantrap(i8 17)
  unreachable
}

define void @twice(ptr %object, ptr %value) {
  %1 = getelementptr i8, ptr %object, i64 8
  %2 = load ptr, ptr getelementptr (i8, ptr @smelt_allocation, i64 16), align 8
  %3 = ptrtoint ptr %object to i64
  %4 = lshr i64 %3, 4
  %5 = getelementptr i8, ptr %2, i64 %4
  %6 = load i8, ptr %5, align 1
  %7 = and i8 %6, 64
  %8 = icmp eq i8 %7, 0
  br i1 %8, label %entry, label %remember, !prof !0

remember:                                         ; preds = %0
  call void @smelt_write_barrier(ptr %object, ptr %1, i64 8)
  br label %entry

entry:                                            ; preds = %remember, %0
  store ptr %value, ptr %1, align 8
  store ptr %object, ptr %1, align 8
  ret void
}

define void @range(ptr %array, ptr %value, i64 %bytes) {
  %1 = getelementptr i8, ptr %array, i64 8
  %2 = load ptr, ptr getelementptr (i8, ptr @smelt_allocation, i64 16), align 8
  %3 = ptrtoint ptr %array to i64
  %4 = lshr i64 %3, 4
  %5 = getelementptr i8, ptr %2, i64 %4
  %6 = load i8, ptr %5, align 1
  %7 = and i8 %6, 64
  %8 = icmp eq i8 %7, 0
  br i1 %8, label %9, label %remember1, !prof !0

remember1:                                        ; preds = %0
  call void @smelt_write_barrier(ptr %array, ptr %1, i64 8)
  br label %9

9:                                                ; preds = %remember1, %0
  store ptr %value, ptr %1, align 8
  %10 = load ptr, ptr getelementptr (i8, ptr @smelt_allocation, i64 16), align 8
  %11 = ptrtoint ptr %array to i64
  %12 = lshr i64 %11, 4
  %13 = getelementptr i8, ptr %10, i64 %12
  %14 = load i8, ptr %13, align 1
  %15 = and i8 %14, 64
  %16 = icmp eq i8 %15, 0
  br i1 %16, label %entry, label %remember, !prof !0

remember:                                         ; preds = %9
  call void @smelt_write_barrier(ptr %array, ptr %1, i64 %bytes)
  br label %entry

entry:                                            ; preds = %remember, %9
  ret void
}

define void @call(ptr %object, ptr %value) {
  %1 = getelementptr i8, ptr %object, i64 8
  %2 = load ptr, ptr getelementptr (i8, ptr @smelt_allocation, i64 16), align 8
  %3 = ptrtoint ptr %object to i64
  %4 = lshr i64 %3, 4
  %5 = getelementptr i8, ptr %2, i64 %4
  %6 = load i8, ptr %5, align 1
  %7 = and i8 %6, 64
  %8 = icmp eq i8 %7, 0
  br i1 %8, label %9, label %remember1, !prof !0

remember1:                                        ; preds = %0
  call void @smelt_write_barrier(ptr %object, ptr %1, i64 8)
  br label %9

9:                                                ; preds = %remember1, %0
  store ptr %value, ptr %1, align 8
  call void @other()
  %10 = load ptr, ptr getelementptr (i8, ptr @smelt_allocation, i64 16), align 8
  %11 = ptrtoint ptr %object to i64
  %12 = lshr i64 %11, 4
  %13 = getelementptr i8, ptr %10, i64 %12
  %14 = load i8, ptr %13, align 1
  %15 = and i8 %14, 64
  %16 = icmp eq i8 %15, 0
  br i1 %16, label %entry, label %remember, !prof !0

remember:                                         ; preds = %9
  call void @smelt_write_barrier(ptr %object, ptr %1, i64 8)
  br label %entry

entry:                                            ; preds = %remember, %9
  store ptr %object, ptr %1, align 8
  ret void
}

declare void @llvm.ubsantrap(i8 immarg) #0

attributes #0 = { cold noreturn nounwind memory(inaccessiblemem: write) }

!0 = !{!"branch_weights", i32 1048576, i32 1}
