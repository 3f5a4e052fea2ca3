;; Backtraces show names as their authors wrote them, in C++ and in Rust.
;; trap: unreachable
;; frame: shapes::Circle::area()
;; frame: core::slice::index::<impl core::ops::index::Index<I> for [T]>::index
;; frame: r::main
;; frame: plain$name$LT$x
;; frame: start
(module
  (func $_ZN6shapes6Circle4areaEv (unreachable))
  (func $_ZN4core5slice5index74_$LT$impl$u20$core..ops..index..Index$LT$I$GT$$u20$for$u20$$u5b$T$u5d$$GT$5index17h4a0aff52e42c9446E
    (call $_ZN6shapes6Circle4areaEv))
  (func $r::main::h6bb90cc9f4a014cc
    (call $_ZN4core5slice5index74_$LT$impl$u20$core..ops..index..Index$LT$I$GT$$u20$for$u20$$u5b$T$u5d$$GT$5index17h4a0aff52e42c9446E))
  (func $plain$name$LT$x (call $r::main::h6bb90cc9f4a014cc))
  (func $start (export "_start") (call $plain$name$LT$x)))
