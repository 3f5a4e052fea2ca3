;; SSA form: phis only where values differ, and in a loop only for locals that its body assigns.
(module
  (func $sum (param $n i32) (param $unchanged i64) (result i32) (local $sum i32)
    (loop $again
      (local.set $sum (i32.add (local.get $sum) (local.get $n)))
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum))
  (func $join (param i32) (result i32) (local i32)
    (block $done
      (br_if $done (local.get 0))
      (local.set 1 (i32.const 5)))
    (local.get 1))
  (func $same (param i32) (result i32)
    (block $done (result i32)
      (br_if $done (local.get 0) (local.get 0))
      (drop)
      (local.get 0)))
  (func $if_without_else (param i32) (result i32)
    (if (local.get 0) (then (local.set 0 (i32.const 7))))
    (local.get 0))
  (func $unreachable_code (result i32)
    (return (i32.const 1))
    (block (loop (br 1)) (drop (i32.const 3)))
    (i32.const 2))
  (func $table (param i32) (result i32)
    (block $a (block $b (block $c
      (br_table $a $b $a $c (local.get 0)))
      (return (i32.const 10)))
      (return (i32.const 20)))
    (i32.const 30))
  (func $several (param i32) (result i32 i64)
    (if (result i32 i64) (local.get 0)
      (then (i32.const 1) (i64.const 2))
      (else (i32.const 3) (i64.const 4)))))

;;; IR
define internal fastcc i32 @wasm.f0(i32 %0, i64 %1) {
entry:
  br label %loop

loop:                                             ; preds = %loop, %entry
  %2 = phi i32 [ %0, %entry ], [ %5, %loop ]
  %3 = phi i32 [ 0, %entry ], [ %4, %loop ]
  %4 = add i32 %3, %2
  %5 = sub i32 %2, 1
  %6 = icmp ne i32 %5, 0
  br i1 %6, label %loop, label %7

7:                                                ; preds = %loop
  ret i32 %4
}

define internal fastcc i32 @wasm.f1(i32 %0) {
entry:
  %1 = icmp ne i32 %0, 0
  br i1 %1, label %end, label %2

2:                                                ; preds = %entry
  br label %end

end:                                              ; preds = %2, %entry
  %3 = phi i32 [ 0, %entry ], [ 5, %2 ]
  ret i32 %3
}

define internal fastcc i32 @wasm.f2(i32 %0) {
entry:
  %1 = icmp ne i32 %0, 0
  br i1 %1, label %end, label %2

2:                                                ; preds = %entry
  br label %end

end:                                              ; preds = %2, %entry
  ret i32 %0
}

define internal fastcc i32 @wasm.f3(i32 %0) {
entry:
  %1 = icmp ne i32 %0, 0
  br i1 %1, label %then, label %else

then:                                             ; preds = %entry
  br label %end

else:                                             ; preds = %entry
  br label %end

end:                                              ; preds = %else, %then
  %2 = phi i32 [ 7, %then ], [ %0, %else ]
  ret i32 %2
}

define internal fastcc i32 @wasm.f4() {
entry:
  br label %end

end:                                              ; preds = %entry
  ret i32 1
}

define internal fastcc i32 @wasm.f5(i32 %0) {
entry:
  switch i32 %0, label %case3 [
    i32 0, label %case
    i32 1, label %case1
    i32 2, label %case
  ]

case:                                             ; preds = %entry, %entry
  br label %end

case1:                                            ; preds = %entry
  br label %end2

case3:                                            ; preds = %entry
  br label %end4

end4:                                             ; preds = %case3
  br label %end5

end2:                                             ; preds = %case1
  br label %end5

end:                                              ; preds = %case
  br label %end5

end5:                                             ; preds = %end, %end2, %end4
  %1 = phi i32 [ 10, %end4 ], [ 20, %end2 ], [ 30, %end ]
  ret i32 %1
}

define internal fastcc { i32, i64 } @wasm.f6(i32 %0) {
entry:
  %1 = icmp ne i32 %0, 0
  br i1 %1, label %then, label %else

then:                                             ; preds = %entry
  br label %end

else:                                             ; preds = %entry
  br label %end

end:                                              ; preds = %else, %then
  %2 = phi i32 [ 1, %then ], [ 3, %else ]
  %3 = phi i64 [ 2, %then ], [ 4, %else ]
  %4 = insertvalue { i32, i64 } poison, i32 %2, 0
  %5 = insertvalue { i32, i64 } %4, i64 %3, 1
  ret { i32, i64 } %5
}
