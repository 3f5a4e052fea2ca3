;; A component that defines a resource and functions, and exports them in an interface and by themselves.
(component
  (core module $m
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable)
    (func (export "get") (param i32) (result i32) unreachable)
    (func (export "make") (param i32 i32) (result i32) unreachable)
    (func (export "run") (result i32) unreachable))
  (core instance $i (instantiate $m))
  (type $thing (resource (rep i32)))
  (type $options (record (field "name" string)))
  (func $make (param "options" $options) (result (own $thing))
    (canon lift (core func $i "make") (memory (core memory $i "memory"))
      (realloc (core func $i "realloc"))))
  (func $get (param "self" (borrow $thing)) (result u32) (canon lift (core func $i "get")))
  (func $run (result (result)) (canon lift (core func $i "run")))
  (component $shim
    (import "thing" (type $thing (sub resource)))
    (type $record (record (field "name" string)))
    (import "options" (type $options (eq $record)))
    (import "make" (func $make (param "options" $options) (result (own $thing))))
    (import "get" (func $get (param "self" (borrow $thing)) (result u32)))
    (export $thing2 "thing" (type $thing))
    (export $options2 "options" (type $options))
    (export "[constructor]thing" (func $make)
      (func (param "options" $options2) (result (own $thing2))))
    (export "[method]thing.get" (func $get) (func (param "self" (borrow $thing2)) (result u32))))
  (instance $things (instantiate $shim
    (with "thing" (type $thing)) (with "options" (type $options))
    (with "make" (func $make)) (with "get" (func $get))))
  (export "test:things/made@1.0.0-rc.1" (instance $things))
  (export "run" (func $run))
)
;; ---- the world
package root:component;

world root {
  export test:things/made@1.0.0-rc.1;
  export run: func() -> result;
}

package test:things@1.0.0-rc.1 {
  interface made {
    resource thing {
      constructor(options: options);
      get: func() -> u32;
    }
    record options {
      name: string,
    }
  }
}
