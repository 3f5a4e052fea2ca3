;; Takes what codecs log, and forgets it.
(component
  (type $level (enum "trace" "debug" "info" "warn" "error" "critical"))
  (core module $m (memory (export "memory") 1) (func (export "realloc") (param i32 i32 i32 i32) (result i32) i32.const 1024)
    (func (export "log") (param i32 i32 i32 i32 i32)))
  (core instance $i (instantiate $m))
  (component $inner
    (import "level" (type $level0 (eq $level)))
    (import "log" (func $f (param "level" $level0) (param "context" string) (param "message" string)))
    (export $level1 "level" (type $level))
    (export "log" (func $f) (func (param "level" $level1) (param "context" string) (param "message" string))))
  (func $log (param "level" $level) (param "context" string) (param "message" string) (canon lift (core func $i "log") (memory (core memory $i "memory")) (realloc (core func $i "realloc"))))
  (instance $x (instantiate $inner (with "level" (type $level)) (with "log" (func $log))))
  (export "wasi:logging/logging" (instance $x)))
