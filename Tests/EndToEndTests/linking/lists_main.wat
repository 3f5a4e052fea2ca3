(module
  (type $other (struct (field i64)))
  (rec (type $node (struct (field $value i32) (field $next (mut (ref null $node))))))
  (type $shape (sub (struct (field i32))))
  (type $square (sub $shape (struct (field i32) (field i32))))
  (type $circle (sub $shape (struct (field i32) (field f32))))
  (import "lists" "head" (global $head (mut (ref null $node))))
  (import "lists" "first" (global $first (ref $shape)))
  (import "lists" "table" (table $table 4 (ref null $shape)))
  (import "lists" "push" (func $push (param i32)))
  (import "lists" "isSquare" (func $isSquare (param (ref null $shape)) (result i32)))
  (global $copy (ref $shape) (global.get $first))
  (elem (table $table) (i32.const 1) (ref null $shape)
    (item (struct.new $circle (i32.const 7) (f32.const 1))) (item (global.get $first)))
  ;; The sum of a list that both modules make, with much garbage between its nodes.
  (func (export "sum") (param $count i32) (result i32)
    (local $sum i32) (local $garbage i32)
    (loop $next
      (call $push (local.get $count))
      (local.set $garbage (i32.const 2000))
      (loop $more
        (drop (struct.new $other (i64.const 1)))
        (br_if $more (local.tee $garbage (i32.sub (local.get $garbage) (i32.const 1)))))
      (global.set $head
        (struct.new $node (i32.const 1) (global.get $head)))
      (br_if $next (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))
    (block $end (loop $next
      (br_if $end (ref.is_null (global.get $head)))
      (local.set $sum
        (i32.add (local.get $sum)
          (struct.get $node $value (global.get $head))))
      (global.set $head (struct.get $node $next (global.get $head)))
      (br $next)))
    (local.get $sum))
  (func (export "casts") (result i32 i32 i32 i32)
    (call $isSquare (global.get $copy))
    (call $isSquare (table.get $table (i32.const 1)))
    (ref.test (ref $square) (table.get $table (i32.const 2)))
    (ref.eq (global.get $copy) (table.get $table (i32.const 2)))))
