// Calls into the guest: from C to a body, and back when it returns, traps or gives up.
//
// sandbox: rests on `activation.stack_pointer` being where smelt_library_enter has left it on a frame that is
// still there. So an activation is in its thread's list exactly as long as its call, and functions of
// the host return into the guest or fail, and never jump over it. And on calls inside of calls coming from
// functions of the host only: what interrupts guest code finds the arguments of its functions half written.
#include <stddef.h>

#include "library.h"
#include "smelt/library.h"
#include "thread.h"

// Saves what functions preserve, notes the stack pointer, calls the body, returns 0. What
// smelt_library_leave jumps to does the rest with the code of a trap.
uint32_t smelt_library_enter(struct activation *activation, smelt_library_body *body,
                             struct smelt_instance *instance, union smelt_value *values);

#if defined(__x86_64__)
__asm__(
    ".pushsection .text.smelt_library_enter, \"ax\", @progbits\n"
    ".globl smelt_library_enter, smelt_library_resume, smelt_library_leave\n"
    ".hidden smelt_library_enter, smelt_library_resume, smelt_library_leave\n"
    ".type smelt_library_enter, @function\n"
    ".type smelt_library_leave, @function\n"
    "smelt_library_enter:\n"
    ".cfi_startproc\n"
    ".cfi_undefined rip\n"  // exceptions of the host end here
    "pushq %rbp\n"
    "pushq %rbx\n"
    "pushq %r12\n"
    "pushq %r13\n"
    "pushq %r14\n"
    "pushq %r15\n"
    "subq $8, %rsp\n"
    "movq %rsp, (%rdi)\n"
    "movq %rsi, %rax\n"
    "movq %rdx, %rdi\n"
    "movq %rcx, %rsi\n"
    "callq *%rax\n"
    // What returns has preserved what it has to.
    "xorl %eax, %eax\n"
    "addq $56, %rsp\n"
    "retq\n"
    "smelt_library_resume:\n"
    "addq $8, %rsp\n"
    "popq %r15\n"
    "popq %r14\n"
    "popq %r13\n"
    "popq %r12\n"
    "popq %rbx\n"
    "popq %rbp\n"
    "retq\n"
    ".cfi_endproc\n"
    ".size smelt_library_enter, . - smelt_library_enter\n"
    "smelt_library_leave:\n"
    "movq %rdi, %rsp\n"
    "movl %esi, %eax\n"
    "jmp smelt_library_resume\n"
    ".size smelt_library_leave, . - smelt_library_leave\n"
    ".popsection\n");
#elif defined(__aarch64__)
__asm__(
    ".pushsection .text.smelt_library_enter, \"ax\", @progbits\n"
    ".globl smelt_library_enter, smelt_library_resume, smelt_library_leave\n"
    ".hidden smelt_library_enter, smelt_library_resume, smelt_library_leave\n"
    ".type smelt_library_enter, @function\n"
    ".type smelt_library_leave, @function\n"
    "smelt_library_enter:\n"
    ".cfi_startproc\n"
    ".cfi_undefined x30\n"
    "sub sp, sp, #160\n"
    "stp x19, x20, [sp]\n"
    "stp x21, x22, [sp, #16]\n"
    "stp x23, x24, [sp, #32]\n"
    "stp x25, x26, [sp, #48]\n"
    "stp x27, x28, [sp, #64]\n"
    "stp x29, x30, [sp, #80]\n"
    "stp d8, d9, [sp, #96]\n"
    "stp d10, d11, [sp, #112]\n"
    "stp d12, d13, [sp, #128]\n"
    "stp d14, d15, [sp, #144]\n"
    "mov x9, sp\n"
    "str x9, [x0]\n"
    "mov x9, x1\n"
    "mov x0, x2\n"
    "mov x1, x3\n"
    "blr x9\n"
    // What returns has preserved all but the return address.
    "ldr x30, [sp, #88]\n"
    "mov w0, #0\n"
    "add sp, sp, #160\n"
    "ret\n"
    "smelt_library_resume:\n"
    "ldp x19, x20, [sp]\n"
    "ldp x21, x22, [sp, #16]\n"
    "ldp x23, x24, [sp, #32]\n"
    "ldp x25, x26, [sp, #48]\n"
    "ldp x27, x28, [sp, #64]\n"
    "ldp x29, x30, [sp, #80]\n"
    "ldp d8, d9, [sp, #96]\n"
    "ldp d10, d11, [sp, #112]\n"
    "ldp d12, d13, [sp, #128]\n"
    "ldp d14, d15, [sp, #144]\n"
    "add sp, sp, #160\n"
    "ret\n"
    ".cfi_endproc\n"
    ".size smelt_library_enter, . - smelt_library_enter\n"
    "smelt_library_leave:\n"
    "mov sp, x0\n"
    "mov w0, w1\n"
    "b smelt_library_resume\n"
    ".size smelt_library_leave, . - smelt_library_leave\n"
    ".popsection\n");
#endif

// A call is not begun with less than this.
enum { SMALLEST_STACK = 4096 };

// The lowest stack pointer that guest code may have, called from a frame at `here`.
static uint64_t stack_limit(const struct thread *thread, const struct smelt_library *library,
                            uint64_t here) {
    uint64_t limit = here > library->stack_size ? here - library->stack_size : 0;
    bool is_known = here >= thread->stack_low && here < thread->stack_high;
    uint64_t low = thread->stack_low;
    if (is_known) return limit > low ? limit : low;
    // Below what the thread may use of its own stack there is the reserve and nothing else.
    if (here < thread->stack_low && thread->stack_low - here <= thread->reserve) return here;
    if (embed_find_alternate_stack(here, &low)) return limit > low ? limit : low;
    // How much there is of another stack nobody but the host knows.
    if (!library->has_stack_size) return here;
    // Calls inside of calls get no more than these.
    for (const struct activation *outer = thread->latest; outer != NULL; outer = outer->previous) {
        if (here < outer->stack_pointer && here > outer->limit && limit < outer->limit) {
            limit = outer->limit;
        }
    }
    return limit;
}

// An instance is one thread's at a time. `owner` is written by the one that has it, or from null.
bool embed_take(struct smelt_library *library, const struct thread *thread) {
    uint64_t nobody = 0;
    return __atomic_compare_exchange_n(&library->owner, &nobody, thread->number, false,
                                       __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

bool embed_owns(const struct smelt_library *library, const struct thread *thread) {
    return __atomic_load_n(&library->owner, __ATOMIC_RELAXED) == thread->number;
}

void embed_release(struct smelt_library *library) {
    if (library->activation != NULL || library->is_bound) return;
    __atomic_store_n(&library->owner, 0, __ATOMIC_RELEASE);
}

struct thread *embed_this_thread(void) {
    struct thread *thread = &embed_thread;
    if (__builtin_expect(thread->number == 0, false)) embed_begin_thread(thread);
    return thread;
}

static void end_activation(struct thread *thread, struct activation *activation) {
    if (__builtin_expect(thread->latest == activation, true)) {
        thread->latest = activation->previous;
        return;
    }
    // On a thread with fibers calls may end in another order than they have begun.
    struct activation **place = &thread->latest;
    while (*place != activation) place = &(*place)->previous;
    *place = activation->previous;
}

// What a call that is inside of another one of the same instance puts back when it ends.
struct outer_call {
    struct activation *activation;
    uint64_t limit, is_in_host_call;
};

static uint32_t enter(struct thread *thread, struct activation *activation,
                      smelt_library_body *body, union smelt_value *values) {
    struct smelt_instance *instance = activation->instance;
    struct smelt_library *library = instance->library;
    struct outer_call outer = {library->activation, 0, 0};
    if (outer.activation != NULL) {
        outer.limit = instance->stack_limit;
        outer.is_in_host_call = instance->is_in_host_call;
    }
    activation->previous = thread->latest;
    instance->stack_limit = activation->limit;
    instance->is_in_host_call = 0;
    library->activation = activation;
    thread->latest = activation;
    activation->float_control = 0;
    uint32_t status = smelt_library_enter(activation, body, instance, values);
#if defined(__x86_64__)
    if (__builtin_expect(activation->float_control != 0, false)) {
        __asm__ volatile("ldmxcsr %0" : : "m"(activation->float_control));
    }
#endif
    end_activation(thread, activation);
    library->activation = NULL;
    if (outer.activation != NULL) {
        library->activation = outer.activation;
        instance->stack_limit = outer.limit;
        instance->is_in_host_call = outer.is_in_host_call;
    }
    return status;
}

uint32_t smelt_library_call(struct smelt_instance *instance, smelt_library_body *body,
                            union smelt_value *values) {
    struct smelt_library *library = instance->library;
    struct thread *thread = embed_this_thread();
    bool is_owner = embed_owns(library, thread);
    if (!is_owner && !embed_take(library, thread)) return SMELT_BUSY;
    // A handler of a signal has interrupted the guest.
    if (library->activation != NULL && !instance->is_in_host_call) return SMELT_BUSY;

    struct activation activation;
    activation.instance = instance;
    uint64_t here = (uint64_t)(uintptr_t)&activation;
    activation.limit = stack_limit(thread, library, here);
    uint32_t status;
    if (__builtin_expect(here < activation.limit || here - activation.limit < SMALLEST_STACK, false)) {
        status = SMELT_CALL_STACK_EXHAUSTED;
        embed_fail(library, status, 0);
    } else {
        status = enter(thread, &activation, body, values);
        if (__builtin_expect(status == SMELT_INTERRUPTED && library->activation == NULL, false)) {
            // The request has been met, by all calls that there were.
            library->interrupt_word = 0;
        }
    }
    // Whom it belonged to before, it still does.
    if (__builtin_expect(!is_owner, true)) embed_release(library);
    return status;
}

_Noreturn void smelt_library_host_failed(struct smelt_instance *instance, uint32_t status) {
    embed_fail(instance->library, SMELT_HOST_FAILED, (int32_t)status);
    embed_leave(instance, SMELT_HOST_FAILED);
}

_Noreturn void smelt_library_bad_reference(struct smelt_instance *instance) {
    embed_fail(instance->library, SMELT_BAD_ARGUMENT, 0);
    embed_leave(instance, SMELT_BAD_ARGUMENT);
}

_Noreturn void embed_leave(struct smelt_instance *instance, uint32_t status) {
    smelt_library_leave(instance->library->activation->stack_pointer, status);
}
