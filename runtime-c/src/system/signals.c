// Where signal handlers return to on x86-64. Debuggers know these very instructions.
#include "signals.h"

#if defined(__x86_64__)
__attribute__((naked)) void smelt_return_from_signal(void) {
    __asm__ volatile("movq $15, %rax\nsyscall");
}
#endif
