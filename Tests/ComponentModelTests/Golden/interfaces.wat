;; A world with interfaces that use each other, a resource with its functions, and types of all kinds.
(component
  (import "test:things/types@0.2.1" (instance $types
    (type $p (record (field "name" string) (field "from" (option u32))))
    (export "point" (type $point (eq $p)))
    (type $list (list $point))
    (export "points" (type $points (eq $list)))
    (export "thing" (type $thing (sub resource)))
    (type $c (variant (case "none") (case "some" $points) (case "other" (tuple u8 char))))
    (export "choice" (type $choice (eq $c)))
    (type $a (flags "read" "write"))
    (export "access" (type $access (eq $a)))
    (type $s (enum "u8" "big"))
    (export "size" (type $size (eq $s)))
    (export "[constructor]thing" (func (param "access" $access) (result (own $thing))))
    (export "[method]thing.get" (func (param "self" (borrow $thing)) (result (result $choice (error $size)))))
    (export "[static]thing.merge" (func (param "a" (own $thing)) (param "b" (own $thing)) (result (own $thing))))
    (export "all" (func (result (list (own $thing)))))
  ))
  (alias export $types "thing" (type $thing))
  (alias export $types "point" (type $point))
  (import "test:things/user" (instance
    (alias outer 1 $thing (type $outer-thing))
    (export "thing" (type $thing (eq $outer-thing)))
    (alias outer 1 $point (type $outer-point))
    (export "place" (type $place (eq $outer-point)))
    (export "put" (func (param "at" $place) (param "what" (borrow $thing)) (result (result))))
    (export "wait" (func async (param "input" (stream u8)) (result (future (result (error string))))))
  ))
  (import "log" (func (param "text" string)))
  (import "inline" (instance (export "now" (func (result u64)))))
)
;; ---- the world
package root:component;

world root {
  import test:things/types@0.2.1;
  import test:things/user;
  import log: func(text: string);
  import inline: interface {
    now: func() -> u64;
  }
}

package test:things@0.2.1 {
  interface types {
    record point {
      name: string,
      %from: option<u32>,
    }
    type points = list<point>;
    resource thing {
      constructor(access: access);
      get: func() -> result<choice, size>;
      merge: static func(a: thing, b: thing) -> thing;
    }
    variant choice {
      none,
      some(points),
      other(tuple<u8, char>),
    }
    flags access {
      read,
      write,
    }
    enum size {
      %u8,
      big,
    }
    all: func() -> list<thing>;
  }
}

package test:things {
  interface user {
    use test:things/types@0.2.1.{thing, point as place};
    put: func(at: place, what: borrow<thing>) -> result;
    wait: async func(input: stream<u8>) -> future<result<_, string>>;
  }
}
