;; A name that would colour the terminal, and write backwards.
;; trap: unreachable
;; frame: \u{9b}31mred\u{202e}evil
;; frame: start
(module
  (func $x (@name "\c2\9b31mred\e2\80\aeevil") (unreachable))
  (func $start (export "_start") (call $x)))
