// What clang makes of setjmp and longjmp calls these functions.
#include "setjmp.h"

void __wasm_setjmp(void *buffer, unsigned label, void *invocation) {
    typeof(&(*(jmp_buf *)0)[0]) jump = buffer;
    jump->invocation = invocation;
    jump->label = label;
}

unsigned __wasm_setjmp_test(void *buffer, void *invocation) {
    typeof(&(*(jmp_buf *)0)[0]) jump = buffer;
    return jump->invocation == invocation ? jump->label : 0;
}

_Noreturn void __wasm_longjmp(void *buffer, int value) {
    typeof(&(*(jmp_buf *)0)[0]) jump = buffer;
    jump->jump.environment = buffer;
    jump->jump.value = value ? value : 1;
    __builtin_wasm_throw(1, &jump->jump);
}
