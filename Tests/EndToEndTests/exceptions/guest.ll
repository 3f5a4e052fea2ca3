; Guest code as the compiler makes it of exceptions: invoke and landingpad in the fast convention,
; every pad for everything, and resume where a pad is not for an exception (LLVM takes a resume
; that no pad with `cleanup` leads to for unreachable). Each function `test_...` is called from main.c
; and gets a tag; what it returns is checked there.

declare ptr @smelt_exception_new(ptr, i64)
declare void @smelt_throw(ptr) noreturn
declare i32 @smelt_personality(...)
declare void @llvm.ubsantrap(i8)

; Throws an exception with one argument.
define fastcc void @throw(ptr %tag, i64 %value) noinline section ".text.smelt.a" {
  %e = call ptr @smelt_exception_new(ptr %tag, i64 16)
  %a = getelementptr i8, ptr %e, i64 16
  store i64 %value, ptr %a
  call void @smelt_throw(ptr %e)
  unreachable
}

define fastcc i64 @argument(ptr %e) section ".text.smelt.a" {
  %a = getelementptr i8, ptr %e, i64 16
  %v = load i64, ptr %a
  ret i64 %v
}

; Through a number of frames; negative ones do not throw.
define fastcc i64 @deep(i64 %depth, ptr %tag, i64 %value) noinline section ".text.smelt.a" {
  %last = icmp eq i64 %depth, 0
  br i1 %last, label %bottom, label %more
bottom:
  %negative = icmp slt i64 %value, 0
  br i1 %negative, label %back, label %thrown
thrown:
  call fastcc void @throw(ptr %tag, i64 %value)
  ret i64 0
back:
  ret i64 5
more:
  %d = sub i64 %depth, 1
  %r = call fastcc i64 @deep(i64 %d, ptr %tag, i64 %value)
  ; So that the optimizer makes no loop of it.
  call void asm sideeffect "", "r"(i64 %r)
  %s = add i64 %r, 1
  ret i64 %s
}

define i64 @test_deep(ptr %tag, i64 %depth, i64 %value) noinline section ".text.smelt.a" personality ptr @smelt_personality {
  %r = invoke fastcc i64 @deep(i64 %depth, ptr %tag, i64 %value) to label %ok unwind label %pad
ok:
  ret i64 %r
pad:
  %p = landingpad { ptr, i32 } cleanup catch ptr null
  %e = extractvalue { ptr, i32 } %p, 0
  %v = call fastcc i64 @argument(ptr %e)
  %n = add i64 %v, 1000000
  ret i64 %n
}

; Registers that functions preserve -----------------------------------------------------------

; Has more in them than there are, and throws.
define fastcc void @use_registers(ptr %tag, ptr %v, ptr %w) noinline section ".text.smelt.a" {
  %va0 = getelementptr i64, ptr %v, i64 0
  %v0 = load volatile i64, ptr %va0
  %va1 = getelementptr i64, ptr %v, i64 1
  %v1 = load volatile i64, ptr %va1
  %va2 = getelementptr i64, ptr %v, i64 2
  %v2 = load volatile i64, ptr %va2
  %va3 = getelementptr i64, ptr %v, i64 3
  %v3 = load volatile i64, ptr %va3
  %va4 = getelementptr i64, ptr %v, i64 4
  %v4 = load volatile i64, ptr %va4
  %va5 = getelementptr i64, ptr %v, i64 5
  %v5 = load volatile i64, ptr %va5
  %va6 = getelementptr i64, ptr %v, i64 6
  %v6 = load volatile i64, ptr %va6
  %va7 = getelementptr i64, ptr %v, i64 7
  %v7 = load volatile i64, ptr %va7
  %va8 = getelementptr i64, ptr %v, i64 8
  %v8 = load volatile i64, ptr %va8
  %va9 = getelementptr i64, ptr %v, i64 9
  %v9 = load volatile i64, ptr %va9
  %va10 = getelementptr i64, ptr %v, i64 10
  %v10 = load volatile i64, ptr %va10
  %va11 = getelementptr i64, ptr %v, i64 11
  %v11 = load volatile i64, ptr %va11
  %wa0 = getelementptr double, ptr %w, i64 0
  %w0 = load volatile double, ptr %wa0
  %wa1 = getelementptr double, ptr %w, i64 1
  %w1 = load volatile double, ptr %wa1
  %wa2 = getelementptr double, ptr %w, i64 2
  %w2 = load volatile double, ptr %wa2
  %wa3 = getelementptr double, ptr %w, i64 3
  %w3 = load volatile double, ptr %wa3
  %wa4 = getelementptr double, ptr %w, i64 4
  %w4 = load volatile double, ptr %wa4
  %wa5 = getelementptr double, ptr %w, i64 5
  %w5 = load volatile double, ptr %wa5
  %wa6 = getelementptr double, ptr %w, i64 6
  %w6 = load volatile double, ptr %wa6
  %wa7 = getelementptr double, ptr %w, i64 7
  %w7 = load volatile double, ptr %wa7
  %wa8 = getelementptr double, ptr %w, i64 8
  %w8 = load volatile double, ptr %wa8
  %wa9 = getelementptr double, ptr %w, i64 9
  %w9 = load volatile double, ptr %wa9
  %r = call fastcc i64 @deep(i64 0, ptr %tag, i64 7)
  store volatile i64 %v0, ptr %va0
  store volatile i64 %v1, ptr %va1
  store volatile i64 %v2, ptr %va2
  store volatile i64 %v3, ptr %va3
  store volatile i64 %v4, ptr %va4
  store volatile i64 %v5, ptr %va5
  store volatile i64 %v6, ptr %va6
  store volatile i64 %v7, ptr %va7
  store volatile i64 %v8, ptr %va8
  store volatile i64 %v9, ptr %va9
  store volatile i64 %v10, ptr %va10
  store volatile i64 %v11, ptr %va11
  store volatile double %w0, ptr %wa0
  store volatile double %w1, ptr %wa1
  store volatile double %w2, ptr %wa2
  store volatile double %w3, ptr %wa3
  store volatile double %w4, ptr %wa4
  store volatile double %w5, ptr %wa5
  store volatile double %w6, ptr %wa6
  store volatile double %w7, ptr %wa7
  store volatile double %w8, ptr %wa8
  store volatile double %w9, ptr %wa9
  ret void
}

; Keeps 12 integers and 10 floating-point numbers across the call, and stores them in the pad.
define i64 @test_registers(ptr %tag, ptr %v, ptr %w, ptr %others) noinline section ".text.smelt.a" personality ptr @smelt_personality {
  %va0 = getelementptr i64, ptr %v, i64 0
  %v0 = load volatile i64, ptr %va0
  %va1 = getelementptr i64, ptr %v, i64 1
  %v1 = load volatile i64, ptr %va1
  %va2 = getelementptr i64, ptr %v, i64 2
  %v2 = load volatile i64, ptr %va2
  %va3 = getelementptr i64, ptr %v, i64 3
  %v3 = load volatile i64, ptr %va3
  %va4 = getelementptr i64, ptr %v, i64 4
  %v4 = load volatile i64, ptr %va4
  %va5 = getelementptr i64, ptr %v, i64 5
  %v5 = load volatile i64, ptr %va5
  %va6 = getelementptr i64, ptr %v, i64 6
  %v6 = load volatile i64, ptr %va6
  %va7 = getelementptr i64, ptr %v, i64 7
  %v7 = load volatile i64, ptr %va7
  %va8 = getelementptr i64, ptr %v, i64 8
  %v8 = load volatile i64, ptr %va8
  %va9 = getelementptr i64, ptr %v, i64 9
  %v9 = load volatile i64, ptr %va9
  %va10 = getelementptr i64, ptr %v, i64 10
  %v10 = load volatile i64, ptr %va10
  %va11 = getelementptr i64, ptr %v, i64 11
  %v11 = load volatile i64, ptr %va11
  %wa0 = getelementptr double, ptr %w, i64 0
  %w0 = load volatile double, ptr %wa0
  %wa1 = getelementptr double, ptr %w, i64 1
  %w1 = load volatile double, ptr %wa1
  %wa2 = getelementptr double, ptr %w, i64 2
  %w2 = load volatile double, ptr %wa2
  %wa3 = getelementptr double, ptr %w, i64 3
  %w3 = load volatile double, ptr %wa3
  %wa4 = getelementptr double, ptr %w, i64 4
  %w4 = load volatile double, ptr %wa4
  %wa5 = getelementptr double, ptr %w, i64 5
  %w5 = load volatile double, ptr %wa5
  %wa6 = getelementptr double, ptr %w, i64 6
  %w6 = load volatile double, ptr %wa6
  %wa7 = getelementptr double, ptr %w, i64 7
  %w7 = load volatile double, ptr %wa7
  %wa8 = getelementptr double, ptr %w, i64 8
  %w8 = load volatile double, ptr %wa8
  %wa9 = getelementptr double, ptr %w, i64 9
  %w9 = load volatile double, ptr %wa9
  invoke fastcc void @use_registers(ptr %tag, ptr %others, ptr %others) to label %ok unwind label %pad
ok:
  ret i64 0
pad:
  %p = landingpad { ptr, i32 } cleanup catch ptr null
  %selector = extractvalue { ptr, i32 } %p, 1
  store volatile i64 %v0, ptr %va0
  store volatile i64 %v1, ptr %va1
  store volatile i64 %v2, ptr %va2
  store volatile i64 %v3, ptr %va3
  store volatile i64 %v4, ptr %va4
  store volatile i64 %v5, ptr %va5
  store volatile i64 %v6, ptr %va6
  store volatile i64 %v7, ptr %va7
  store volatile i64 %v8, ptr %va8
  store volatile i64 %v9, ptr %va9
  store volatile i64 %v10, ptr %va10
  store volatile i64 %v11, ptr %va11
  store volatile double %w0, ptr %wa0
  store volatile double %w1, ptr %wa1
  store volatile double %w2, ptr %wa2
  store volatile double %w3, ptr %wa3
  store volatile double %w4, ptr %wa4
  store volatile double %w5, ptr %wa5
  store volatile double %w6, ptr %wa6
  store volatile double %w7, ptr %wa7
  store volatile double %w8, ptr %wa8
  store volatile double %w9, ptr %wa9
  %n = zext i32 %selector to i64
  ret i64 %n
}

; Frames of every kind ------------------------------------------------------------------------

declare void @fill(ptr, i64)
declare i64 @check(ptr, i64)

; A frame whose size is not known.
define i64 @test_dynamic_alloca(ptr %tag, i64 %size) noinline section ".text.smelt.a" personality ptr @smelt_personality {
  %array = alloca i8, i64 %size, align 16
  call void @fill(ptr %array, i64 %size)
  %r = invoke fastcc i64 @deep(i64 3, ptr %tag, i64 3) to label %ok unwind label %pad
ok:
  ret i64 0
pad:
  %p = landingpad { ptr, i32 } cleanup catch ptr null
  %e = extractvalue { ptr, i32 } %p, 0
  %v = call fastcc i64 @argument(ptr %e)
  %c = call i64 @check(ptr %array, i64 %size)
  %s = add i64 %v, %c
  ret i64 %s
}

; A frame with a stricter alignment than the stack's, and one of unknown size at that. It is in the
; way of an exception, too.
define fastcc i64 @aligned(ptr %tag, i64 %size, i64 %value) noinline section ".text.smelt.a" {
  %array = alloca i8, i64 %size, align 64
  %other = alloca [4 x i64], align 128
  call void @fill(ptr %array, i64 %size)
  call void @fill(ptr %other, i64 32)
  %r = call fastcc i64 @deep(i64 2, ptr %tag, i64 %value)
  %c = call i64 @check(ptr %array, i64 %size)
  %s = add i64 %r, %c
  ret i64 %s
}

define i64 @test_realigned(ptr %tag, i64 %size) noinline section ".text.smelt.a" personality ptr @smelt_personality {
  %array = alloca i8, i64 %size, align 64
  %fixed = alloca [4 x i64], align 128
  call void @fill(ptr %array, i64 %size)
  call void @fill(ptr %fixed, i64 32)
  %r = invoke fastcc i64 @aligned(ptr %tag, i64 200, i64 4) to label %ok unwind label %pad
ok:
  ret i64 0
pad:
  %p = landingpad { ptr, i32 } cleanup catch ptr null
  %e = extractvalue { ptr, i32 } %p, 0
  %v = call fastcc i64 @argument(ptr %e)
  %c = call i64 @check(ptr %array, i64 %size)
  %d = call i64 @check(ptr %fixed, i64 32)
  %s = add i64 %v, %c
  %t = add i64 %s, %d
  ret i64 %t
}

; Arguments on the stack, below a frame whose size is not known.
define fastcc i64 @many(ptr %tag, i64 %a, i64 %b, i64 %c, i64 %d, i64 %e, i64 %f, i64 %g, i64 %h, i64 %i, i64 %j, i64 %k, i64 %l, i64 %m, i64 %n) noinline section ".text.smelt.a" {
  %x = add i64 %m, %n
  call fastcc void @throw(ptr %tag, i64 %x)
  ret i64 0
}

define i64 @test_stack_arguments(ptr %tag, i64 %size) noinline section ".text.smelt.a" personality ptr @smelt_personality {
  %array = alloca i8, i64 %size
  call void @fill(ptr %array, i64 %size)
  %r = invoke fastcc i64 @many(ptr %tag, i64 1, i64 2, i64 3, i64 4, i64 5, i64 6, i64 7, i64 8, i64 9, i64 10, i64 11, i64 12, i64 %size, i64 %size) to label %ok unwind label %pad
ok:
  ret i64 0
pad:
  %p = landingpad { ptr, i32 } cleanup catch ptr null
  %e = extractvalue { ptr, i32 } %p, 0
  %v = call fastcc i64 @argument(ptr %e)
  %c = call i64 @check(ptr %array, i64 %size)
  %s = add i64 %v, %c
  ret i64 %s
}

; The same again and again in one frame: the arguments are gone each time. (In a frame whose size is
; not known LLVM 22 leaves them. The compiler makes none.)
define i64 @test_loop(ptr %tag, i64 %count) noinline section ".text.smelt.a" personality ptr @smelt_personality {
entry:
  %array = alloca [50 x i8]
  call void @fill(ptr %array, i64 50)
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %j, %pad ]
  %r = invoke fastcc i64 @many(ptr %tag, i64 1, i64 2, i64 3, i64 4, i64 5, i64 6, i64 7, i64 8, i64 9, i64 10, i64 11, i64 12, i64 %i, i64 1) to label %ok unwind label %pad
ok:
  ret i64 0
pad:
  %p = landingpad { ptr, i32 } cleanup catch ptr null
  %e = extractvalue { ptr, i32 } %p, 0
  %j = call fastcc i64 @argument(ptr %e)
  %more = icmp ult i64 %j, %count
  br i1 %more, label %loop, label %end
end:
  %c = call i64 @check(ptr %array, i64 50)
  %s = add i64 %j, %c
  ret i64 %s
}

; Pads that pass exceptions on ------------------------------------------------------------------

define fastcc i64 @catches_tag(ptr %tag, ptr %thrown, i64 %value) noinline section ".text.smelt.a" personality ptr @smelt_personality {
  %r = invoke fastcc i64 @deep(i64 2, ptr %thrown, i64 %value) to label %ok unwind label %pad
ok:
  ret i64 %r
pad:
  %p = landingpad { ptr, i32 } cleanup catch ptr null
  %e = extractvalue { ptr, i32 } %p, 0
  %at = getelementptr i8, ptr %e, i64 8
  %t = load ptr, ptr %at
  %is_it = icmp eq ptr %t, %tag
  br i1 %is_it, label %caught, label %other
caught:
  %v = call fastcc i64 @argument(ptr %e)
  ret i64 %v
other:
  resume { ptr, i32 } %p
}

; Catches what `catches_tag` does not, and throws another exception in the catch.
define fastcc i64 @replaces(ptr %tag, ptr %thrown, i64 %value) noinline section ".text.smelt.a" personality ptr @smelt_personality {
  %r = invoke fastcc i64 @catches_tag(ptr %tag, ptr %thrown, i64 %value) to label %ok unwind label %pad
ok:
  ret i64 %r
pad:
  %p = landingpad { ptr, i32 } cleanup catch ptr null
  %e = extractvalue { ptr, i32 } %p, 0
  %v = call fastcc i64 @argument(ptr %e)
  %w = add i64 %v, 100
  call fastcc void @throw(ptr %tag, i64 %w)
  ret i64 0
}

define i64 @test_resume(ptr %tag, ptr %thrown, i64 %value) noinline section ".text.smelt.a" personality ptr @smelt_personality {
  ; The first call is not in the table of calls that have a pad: what it throws would pass by.
  %before = call fastcc i64 @deep(i64 2, ptr %tag, i64 -1)
  %r = invoke fastcc i64 @replaces(ptr %tag, ptr %thrown, i64 %value) to label %ok unwind label %pad
ok:
  ret i64 %r
pad:
  %p = landingpad { ptr, i32 } cleanup catch ptr null
  %e = extractvalue { ptr, i32 } %p, 0
  %v = call fastcc i64 @argument(ptr %e)
  %w = add i64 %v, %before
  ret i64 %w
}

define fastcc i64 @unprotected(ptr %tag, i64 %value) noinline section ".text.smelt.a" personality ptr @smelt_personality {
  %r = invoke fastcc i64 @deep(i64 1, ptr %tag, i64 -1) to label %ok unwind label %pad
ok:
  %s = call fastcc i64 @deep(i64 1, ptr %tag, i64 %value)
  ret i64 %s
pad:
  %p = landingpad { ptr, i32 } cleanup catch ptr null
  ret i64 -1
}

; A call without a pad in a function that has one.
define i64 @test_unprotected(ptr %tag, i64 %value) noinline section ".text.smelt.a" personality ptr @smelt_personality {
  %r = invoke fastcc i64 @unprotected(ptr %tag, i64 %value) to label %ok unwind label %pad
ok:
  ret i64 %r
pad:
  %p = landingpad { ptr, i32 } cleanup catch ptr null
  %e = extractvalue { ptr, i32 } %p, 0
  %v = call fastcc i64 @argument(ptr %e)
  ret i64 %v
}

; What is not caught ------------------------------------------------------------------------------

define fastcc i64 @traps(i64 %value) noinline section ".text.smelt.a" {
  %is_zero = icmp eq i64 %value, 0
  br i1 %is_zero, label %trap, label %ok
trap:
  call void @llvm.ubsantrap(i8 1)
  unreachable
ok:
  ret i64 1
}

define i64 @test_trap(i64 %value) noinline section ".text.smelt.a" personality ptr @smelt_personality {
  %r = invoke fastcc i64 @traps(i64 %value) to label %ok unwind label %pad
ok:
  ret i64 %r
pad:
  %p = landingpad { ptr, i32 } cleanup catch ptr null
  ret i64 -1
}

; Recurses to the end of the stack, throwing and catching on the way.
define fastcc i64 @bottomless(ptr %tag, i64 %depth) noinline "probe-stack"="inline-asm" section ".text.smelt.a" personality ptr @smelt_personality {
  %r = invoke fastcc i64 @deep(i64 1, ptr %tag, i64 1) to label %ok unwind label %pad
ok:
  ret i64 %r
pad:
  %p = landingpad { ptr, i32 } cleanup catch ptr null
  %d = add i64 %depth, 1
  %s = invoke fastcc i64 @bottomless(ptr %tag, i64 %d) to label %back unwind label %pad2
back:
  call void asm sideeffect "", "r"(i64 %s)
  %t = add i64 %s, 1
  ret i64 %t
pad2:
  %q = landingpad { ptr, i32 } cleanup catch ptr null
  ret i64 -1
}

define i64 @test_exhaustion(ptr %tag) noinline section ".text.smelt.a" {
  %r = call fastcc i64 @bottomless(ptr %tag, i64 0)
  ret i64 %r
}

define i64 @test_uncaught(ptr %tag) noinline section ".text.smelt.a" {
  %r = call fastcc i64 @deep(i64 3, ptr %tag, i64 1)
  call void asm sideeffect "", "r"(i64 %r)
  ret i64 %r
}

; Exceptions that refer to others: a list of `length`, its first element returned.
define ptr @make_list(ptr %tag, i64 %length) noinline section ".text.smelt.a" {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %j, %loop ]
  %next = phi ptr [ null, %entry ], [ %e, %loop ]
  %e = call ptr @smelt_exception_new(ptr %tag, i64 16)
  %a = getelementptr i8, ptr %e, i64 16
  store ptr %next, ptr %a
  %b = getelementptr i8, ptr %e, i64 24
  store i64 %i, ptr %b
  %j = add i64 %i, 1
  %more = icmp ult i64 %j, %length
  br i1 %more, label %loop, label %end
end:
  ret ptr %e
}
