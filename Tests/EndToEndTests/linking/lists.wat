;; Objects of a type that another module has, too; lists of them in a global and a table.
(module
  (rec (type $node (struct (field $value i32) (field $next (mut (ref null $node))))))
  (type $shape (sub (struct (field i32))))
  (type $square (sub $shape (struct (field i32) (field i32))))
  (global $head (export "head") (mut (ref null $node)) (ref.null $node))
  (global (export "first") (ref $shape) (struct.new $square (i32.const 5) (i32.const 6)))
  (table (export "table") 4 (ref null $shape))
  (func (export "push") (param $value i32)
    (global.set $head (struct.new $node (local.get $value) (global.get $head))))
  (func (export "isSquare") (param (ref null $shape)) (result i32)
    (ref.test (ref $square) (local.get 0))))
