// What the access of guest code was that faulted, from its instruction. Linked with programs that
// have backtraces; the others tell the kernel's address alone.
#include <string.h>
#include <ucontext.h>

#include "access.h"
#include "smelt/abi.h"
#include "trap.h"
#include "unwind/unwind.h"

#if defined(__x86_64__)

static bool decode(const struct smelt_unwind_cursor *frame, const ucontext_t *context,
                   struct memory_access *access) {
    enum { WRITE = 2 };  // of a page fault's error code
    const uint8_t *code = (const uint8_t *)(uintptr_t)frame->pc;
    access->is_write = (context->uc_mcontext.gregs[REG_ERR] & WRITE) != 0;
    return access_decode_x86_64(code, (size_t)(smelt_code_end - code), frame->registers, access);
}

#elif defined(__aarch64__)

static bool decode(const struct smelt_unwind_cursor *frame, const ucontext_t *context,
                   struct memory_access *access) {
    (void)context;
    uint32_t instruction;
    memcpy(&instruction, (const void *)(uintptr_t)frame->pc, sizeof instruction);
    return access_decode_aarch64(instruction, frame->registers, access);
}

#endif

// The kernel's address is the first one that is not accessible; the access may begin before it.
void smelt_describe_access(uint64_t address, struct smelt_trap *trap) {
    struct memory_access access;
    struct smelt_unwind_cursor frame;
    memset(&access, 0, sizeof access);
    smelt_trap_frame(trap, &frame);
    if (!decode(&frame, trap->context, &access)) return;
    if (access.in_segment) access.address += (uint64_t)(uintptr_t)trap->memory->base;
    if (access.has_address) {
        if (address - access.address >= access.size) return;  // not what faulted
        trap->address -= address - access.address;
    }
    trap->size = access.size;
    trap->is_write = access.is_write;
}
