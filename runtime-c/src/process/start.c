// The start of an executable: what happens between the kernel and the guest's _start. Everything
// here is paid by every run of every program, so it is a handful of system calls, and parts that
// only some programs need (directories, the environment) are linked with those only: see
// host/grants.h on the weak references below.
#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

#include "cpu.h"
#include "core/host_page.h"
#include "lockdown.h"
#include "core/memory.h"
#include "core/message.h"
#include "smelt/abi.h"
#include "core/stack.h"
#include "system/entry.h"
#include "trap/trap.h"
#include "host/confinement.h"
#include "host/grants.h"
#include "wasi_p1/adopt.h"
#include "wasi_p1/state.h"
#include "wasi_p2/adopt.h"

// Null in programs that import nothing of the kind.
void smelt_grant_directories(struct host_state *state) __attribute__((weak));
void smelt_grant_environment(struct host_state *state) __attribute__((weak));
void smelt_grant_network(struct host_state *state) __attribute__((weak));
void smelt_grant_names(struct host_state *state) __attribute__((weak));
bool smelt_confine_files(const struct host_state *state) __attribute__((weak));
void fd_table_adopt_streams(struct wasi_state *state) __attribute__((weak));
void fd_table_adopt_directories(struct wasi_state *state) __attribute__((weak));
void smelt_grant_sockets(struct wasi_state *state) __attribute__((weak));
void smelt_p2_adopt_streams(struct host_state *state) __attribute__((weak));

static struct wasi_state wasi_state;

struct smelt_context smelt_context;

// The memory of the static instance whose reservation contains an address.
static const struct smelt_memory *find_memory(uint64_t address) {
    for (uint64_t index = 0; index < smelt_program.memory_count; index++) {
        const struct smelt_memory *memory = smelt_program.memories[index];
        uint64_t offset = address - (uint64_t)(uintptr_t)memory->base;
        if (offset < memory->reserved_bytes) return memory;
    }
    return NULL;
}

static void check_cpu(void) {
    const struct smelt_cpu_feature *needed = smelt_program.cpu_features;
    uint64_t count = smelt_program.cpu_feature_count;
    uint64_t missing = smelt_cpu_missing_features(needed, count);
    if (missing != 0) smelt_cpu_fail(smelt_program.cpu_name, needed, count, missing);
}

#pragma weak smelt_heap_limit

// What those who compiled and run the program decided about it.
struct limits {
    uint64_t maximum_memory;
    uint64_t stack_size;
    uint64_t heap_limit;
    bool locks_down;
    uint64_t tried_call;  // a number, UINT64_MAX for none
};

// Takes the limits in SMELT_GRANTS; those of the program are in smelt_program already.
static void read_limits(struct limits *limits) {
    struct grant_cursor cursor;
    struct grant grant;
    grants_begin(&cursor, &wasi_state.host);
    while (grants_next(&cursor, &grant)) {
        if (grant.kind == GRANT_MAX_MEMORY) limits->maximum_memory = grant.size;
        if (grant.kind == GRANT_NO_LOCKDOWN) limits->locks_down = false;
        if (grant.kind == GRANT_TRY_CALL) limits->tried_call = grant.size;
        if (grant.kind == GRANT_GC_HEAP) {
            limits->heap_limit = grant.size;
            if (grant.size < SMELT_HEAP_SIZE_MINIMUM || grant.size > SMELT_HEAP_SIZE_MAXIMUM) {
                smelt_fail("SMELT_GRANTS: --gc-heap must be between 1M and 64G, not ", grant.text);
            }
        }
        if (grant.kind != GRANT_STACK_SIZE) continue;
        limits->stack_size = grant.size;
        if (grant.size < SMELT_STACK_SIZE_MINIMUM || grant.size > SMELT_STACK_SIZE_MAXIMUM) {
            smelt_fail("SMELT_GRANTS: --stack-size must be between 64K and 1G, not ", grant.text);
        }
    }
}

static void set_segment(void) {
#if defined(__x86_64__)
    enum { ARCH_SET_GS = 0x1001 };
    if ((smelt_program.flags & SMELT_PROGRAM_HAS_SEGMENT) == 0) return;
    if (syscall(SYS_arch_prctl, ARCH_SET_GS, smelt_program.memories[0]->base) != 0) {
        smelt_fail("arch_prctl(ARCH_SET_GS) is refused here; code of -Os needs it");
    }
#endif
}

static _Noreturn void fail_memory_limit(uint64_t size, uint64_t limit) {
    struct smelt_message message;
    message.length = 0;
    smelt_message_text(&message, "error: the program's memory begins with ");
    smelt_message_decimal(&message, size);
    smelt_message_text(&message, " bytes, and --max-memory allows ");
    smelt_message_decimal(&message, limit);
    smelt_message_text(&message, "\n");
    smelt_message_flush(&message);
    _exit(1);
}

static void limit_memories(uint64_t bytes) {
    for (uint64_t index = 0; index < smelt_program.memory_count; index++) {
        struct smelt_memory *memory = smelt_program.memories[index];
        if (memory->byte_size > bytes) fail_memory_limit(memory->byte_size, bytes);
        uint64_t pages = bytes >> memory->page_size_log2;
        if (pages < memory->maximum_pages) memory->maximum_pages = pages;
    }
}

static void grant_all(void) {
    if (fd_table_adopt_streams != NULL) fd_table_adopt_streams(&wasi_state);
    if (smelt_p2_adopt_streams != NULL) smelt_p2_adopt_streams(&wasi_state.host);
    if (smelt_grant_directories != NULL) smelt_grant_directories(&wasi_state.host);
    if (fd_table_adopt_directories != NULL) fd_table_adopt_directories(&wasi_state);
    if (smelt_grant_environment != NULL) smelt_grant_environment(&wasi_state.host);
    if (smelt_grant_sockets != NULL) smelt_grant_sockets(&wasi_state);
    if (smelt_grant_network != NULL) smelt_grant_network(&wasi_state.host);
    if (smelt_grant_names != NULL) smelt_grant_names(&wasi_state.host);
}

// The kernel has mapped the stack that the program was compiled with, unless it is very large.
static void find_stack(struct smelt_stack *stack, uint64_t size) {
    uint64_t mapped = (uint64_t)(smelt_stack_top - smelt_stack_bottom);
    if (size != smelt_program.stack_size || size > mapped) {
        smelt_stack_map(stack, size);
        return;
    }
    stack->guard = smelt_stack_guard;
    // It maps whole pages.
    stack->bottom = smelt_stack_top - smelt_host_page_round_up(mapped);
    stack->top = smelt_stack_top;
}

static void lock_down(const struct limits *limits) {
    if (limits->locks_down) {
        smelt_lock_down(smelt_confine_files != NULL && smelt_confine_files(&wasi_state.host),
                        wasi_state.host.network != NULL);
    }
    if (limits->tried_call == UINT64_MAX) return;
    syscall((long)limits->tried_call, 0, 0, 0, 0, 0, 0);
    smelt_fail("the system call was allowed");
}

_Noreturn void smelt_main(int argument_count, char **arguments, char **environment) {
    for (uint64_t index = 0; index < smelt_program.memory_count; index++) {
        smelt_memory_reserve(smelt_program.memories[index], smelt_memory_0_mapped);
    }
    set_segment();
    smelt_explain_illegal_instructions(check_cpu);
    if ((smelt_program.flags & SMELT_PROGRAM_CHECKS_CPU) != 0) check_cpu();
    wasi_state.host.argument_count = (uint32_t)argument_count;
    wasi_state.host.arguments = arguments;
    wasi_state.host.host_environment = environment;
    wasi_state.host.grants = smelt_program.grants;
    wasi_state.host.embedded = smelt_program.embedded;
    smelt_context.memory = smelt_program.memory;
    smelt_context.wasi = &wasi_state;
    struct limits limits = {smelt_program.maximum_memory, smelt_program.stack_size,
                            smelt_program.heap_limit,
                            (smelt_program.flags & SMELT_PROGRAM_LOCKS_DOWN) != 0, UINT64_MAX};
    if (grants_of_environment(environment) != NULL) read_limits(&limits);
    if (limits.maximum_memory != UINT64_MAX) limit_memories(limits.maximum_memory);
    // Programs without objects have no such limit.
    if (&smelt_heap_limit != NULL) smelt_heap_limit = limits.heap_limit;
    grant_all();

    struct smelt_stack stack;
    find_stack(&stack, limits.stack_size);
    smelt_install_trap_handlers(&stack, find_memory, smelt_report_trap);
    lock_down(&limits);
    smelt_stack_call(stack.top, smelt_program.start);
    _exit(0);
}
