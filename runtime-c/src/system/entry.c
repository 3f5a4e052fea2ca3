// The first instructions of a program, and what the kernel left on the stack for it: arguments,
// environment, and the auxiliary vector behind it.
#include <elf.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

#include "entry.h"

static char **environment;

unsigned long getauxval(unsigned long type) {
    char **end = environment;
    while (*end != NULL) end++;
    for (const Elf64_auxv_t *entry = (const void *)(end + 1); entry->a_type != AT_NULL; entry++) {
        if (entry->a_type == type) return entry->a_un.a_val;
    }
    return 0;
}

char *getenv(const char *name) {
    size_t length = strlen(name);
    for (char **entry = environment; *entry != NULL; entry++) {
        if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=') {
            return *entry + length + 1;
        }
    }
    return NULL;
}

// Called by _start alone.
_Noreturn void smelt_enter(char **stack);

_Noreturn void smelt_enter(char **stack) {
    int count = (int)(uintptr_t)stack[0];
    environment = stack + 1 + count + 1;
    // A program that has more rights than who started it (set-user-ID, file capabilities) has no
    // environment: nothing in it can grant, change or pass on anything.
    if (getauxval(AT_SECURE) != 0) {
        while (*environment != NULL) environment++;
    }
    smelt_main(count, stack + 1, environment);
}

__asm__(
    ".pushsection .text._start, \"ax\", @progbits\n"
    ".globl _start\n"
    ".type _start, @function\n"
    "_start:\n"
    ".cfi_startproc\n"
#if defined(__x86_64__)
    ".cfi_undefined rip\n"
    "xorl %ebp, %ebp\n"
    "movq %rsp, %rdi\n"
    "callq smelt_enter\n"  // the kernel aligns the stack
#elif defined(__aarch64__)
    ".cfi_undefined x30\n"
    "mov x29, #0\n"
    "mov x0, sp\n"
    "bl smelt_enter\n"
#else
#error "_start is missing for this architecture"
#endif
    ".cfi_endproc\n"
    ".size _start, . - _start\n"
    ".popsection\n");
