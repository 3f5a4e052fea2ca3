; What arrays are kept over calls: those that are accessed by an index behind them, also where the address was
; computed before, or where it may lead into one of two. Fields, and what is accessed before the last call,
; need nothing.
; pass: kept-objects

declare void @call()
declare i32 @personality(...)

define i64 @before(ptr %array, i64 %index) {
entry:
  %far = getelementptr i8, ptr %array, i64 %index
  call void @call()
  %place = getelementptr i8, ptr %far, i64 -8000
  %value = load i64, ptr %place, align 8
  call void @call()
  ret i64 %value
}

define i64 @loop(ptr %array, i64 %end) {
entry:
  br label %loop

loop:
  %index = phi i64 [ 0, %entry ], [ %next, %loop ]
  %address = phi ptr [ %array, %entry ], [ %behind, %loop ]
  %value = load i64, ptr %address, align 8
  call void @call()
  %behind = getelementptr i8, ptr %address, i64 %index
  %next = add i64 %index, 8
  %more = icmp ult i64 %next, %end
  br i1 %more, label %loop, label %done

done:
  ret i64 %value
}

define i64 @one_of_two(ptr %first, ptr %second, i64 %index, i1 %which) {
entry:
  br i1 %which, label %one, label %two

one:
  %a = getelementptr i8, ptr %first, i64 %index
  call void @call()
  br label %join

two:
  %b = getelementptr i8, ptr %second, i64 %index
  br label %join

join:
  %address = phi ptr [ %a, %one ], [ %b, %two ]
  call void @call()
  %value = load i64, ptr %address, align 8
  ret i64 %value
}

define i64 @chosen(ptr %first, ptr %second, i64 %index, i1 %which) {
entry:
  %a = getelementptr i8, ptr %first, i64 %index
  %b = getelementptr i8, ptr %second, i64 %index
  call void @call()
  %address = select i1 %which, ptr %a, ptr %b
  call void @call()
  %value = load i64, ptr %address, align 8
  ret i64 %value
}

define i64 @thrown(ptr %array, i64 %index) personality ptr @personality {
entry:
  %far = getelementptr i8, ptr %array, i64 %index
  invoke void @call() to label %normal unwind label %pad

normal:
  ret i64 0

pad:
  %caught = landingpad { ptr, i32 } catch ptr null
  %value = load i64, ptr %far, align 8
  ret i64 %value
}

define i64 @field(ptr %object) {
entry:
  %place = getelementptr i8, ptr %object, i64 16
  call void @call()
  %value = load i64, ptr %place, align 8
  ret i64 %value
}

; What becomes of it:
define i64 @before(ptr %array, i64 %index) {
entry:
  %far = getelementptr i8, ptr %array, i64 %index
  call void @call()
  call void (...) @llvm.fake.use(ptr %array)
  %place = getelementptr i8, ptr %far, i64 -8000
  %value = load i64, ptr %place, align 8
  call void @call()
  ret i64 %value
}

define i64 @loop(ptr %array, i64 %end) {
entry:
  br label %loop

loop:                                             ; preds = %loop, %entry
  %index = phi i64 [ 0, %entry ], [ %next, %loop ]
  %address = phi ptr [ %array, %entry ], [ %behind, %loop ]
  %value = load i64, ptr %address, align 8
  call void @call()
  call void (...) @llvm.fake.use(ptr %array)
  %behind = getelementptr i8, ptr %address, i64 %index
  %next = add i64 %index, 8
  %more = icmp ult i64 %next, %end
  br i1 %more, label %loop, label %done

done:                                             ; preds = %loop
  ret i64 %value
}

define i64 @one_of_two(ptr %first, ptr %second, i64 %index, i1 %which) {
entry:
  br i1 %which, label %one, label %two

one:                                              ; preds = %entry
  %a = getelementptr i8, ptr %first, i64 %index
  call void @call()
  call void (...) @llvm.fake.use(ptr %first)
  br label %join

two:                                              ; preds = %entry
  %b = getelementptr i8, ptr %second, i64 %index
  br label %join

join:                                             ; preds = %two, %one
  %0 = phi ptr [ %first, %one ], [ %second, %two ]
  %address = phi ptr [ %a, %one ], [ %b, %two ]
  call void @call()
  call void (...) @llvm.fake.use(ptr %0)
  %value = load i64, ptr %address, align 8
  ret i64 %value
}

define i64 @chosen(ptr %first, ptr %second, i64 %index, i1 %which) {
entry:
  %a = getelementptr i8, ptr %first, i64 %index
  %b = getelementptr i8, ptr %second, i64 %index
  call void @call()
  call void (...) @llvm.fake.use(ptr %first)
  call void (...) @llvm.fake.use(ptr %second)
  %0 = select i1 %which, ptr %first, ptr %second
  %address = select i1 %which, ptr %a, ptr %b
  call void @call()
  call void (...) @llvm.fake.use(ptr %0)
  %value = load i64, ptr %address, align 8
  ret i64 %value
}

define i64 @thrown(ptr %array, i64 %index) personality ptr @personality {
entry:
  %far = getelementptr i8, ptr %array, i64 %index
  invoke void @call()
          to label %normal unwind label %pad

normal:                                           ; preds = %entry
  ret i64 0

pad:                                              ; preds = %entry
  %caught = landingpad { ptr, i32 }
          catch ptr null
  call void (...) @llvm.fake.use(ptr %array)
  %value = load i64, ptr %far, align 8
  ret i64 %value
}

define i64 @field(ptr %object) {
entry:
  %place = getelementptr i8, ptr %object, i64 16
  call void @call()
  %value = load i64, ptr %place, align 8
  ret i64 %value
}

declare void @llvm.fake.use(...) #0

attributes #0 = { nocallback nofree nosync nounwind willreturn memory(inaccessiblemem: readwrite) }
