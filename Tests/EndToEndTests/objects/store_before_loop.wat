;; A store of a reference that is the same in every round of a loop, in which objects are made. In front of
;; the loop it would be in front of its write barrier, and of the collection that needs that.
(module
  (type $leaf (sub final (struct (field (mut i32)) (field i64))))
  (type $box (sub final (struct (field (mut (ref null $leaf))) (field i32))))
  (type $node (sub final (struct (field i64) (field (ref null $node)))))
  (type $store (func (param (ref $box) i32) (result (ref null $node))))
  (type $make (func (param i32) (result (ref $leaf))))
  (global $box (export "box") (mut (ref null $box)) (ref.null $box))
  (global $list (export "list") (mut (ref null $node)) (ref.null $node))
  (table (export "table") 2 funcref)
  (elem (i32.const 0) func $store $make)
  (func $churn (param $n i32)
    (loop $more
      (global.set $list (struct.new $node (i64.const 5) (ref.null $node)))
      (br_if $more (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))
  ;; Deep down in the stack, where nothing of it is left.
  (func $make (type $make) (param $n i32) (result (ref $leaf))
    (if (local.get $n) (then
      (return (call_indirect (type $make) (i32.sub (local.get $n) (i32.const 1)) (i32.const 1)))))
    (struct.new $leaf (i32.const 123456789) (i64.const 7)))
  (func $store (type $store) (param $box (ref $box)) (param $n i32) (result (ref null $node))
    (local $leaf (ref null $leaf)) (local $list (ref null $node))
    (local.set $leaf (call_indirect (type $make) (i32.const 30) (i32.const 1)))
    (loop $more
      (local.set $list (struct.new $node (i64.const 0x1111111111111111) (local.get $list)))
      (struct.set $box 0 (local.get $box) (local.get $leaf))
      (br_if $more (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $list))
  (func (export "run") (result i32)
    (global.set $box (struct.new $box (ref.null $leaf) (i32.const 1)))
    (call $churn (i32.const 1000))
    (global.set $list
      (call_indirect (type $store) (ref.as_non_null (global.get $box)) (i32.const 1000) (i32.const 0)))
    (call $churn (i32.const 1000))
    (struct.get $leaf 0 (struct.get $box 0 (global.get $box)))))
