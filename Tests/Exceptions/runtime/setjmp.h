// Non-local jumps, which clang makes of exceptions. Debian's wasi-libc leaves them out.
#pragma once

// What a jump is told, and what clang's code reads when one arrives.
struct __wasm_jump {
    void *environment;
    int value;
};

typedef struct {
    // Tells one call of a function with setjmp from the others.
    void *invocation;
    // Which of the function's setjmps it was, from 1.
    unsigned label;
    struct __wasm_jump jump;
} jmp_buf[1];

int setjmp(jmp_buf) __attribute__((returns_twice));
_Noreturn void longjmp(jmp_buf, int);
