// Giving up system calls: a filter (seccomp) made of the list that the linker gathered; lockdown.h
// says where that comes from.
//
// The filter is a binary search, because the kernel tries it for each of its hundreds of calls when
// it is installed, which is most of what it costs. A program that needs nothing beyond writing and
// exiting gets the kernel's own strict mode instead, which costs nothing.
#include "lockdown.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

// linux/seccomp.h, linux/filter.h and linux/audit.h, which musl does not have.
struct bpf_instruction {
    uint16_t code;
    uint8_t jump_true, jump_false;
    uint32_t value;
};
struct bpf_program {
    uint16_t length;
    const struct bpf_instruction *instructions;
};
struct seccomp_data {
    int32_t number;
    uint32_t architecture;
    uint64_t instruction_pointer;
    uint64_t arguments[6];
};
enum {
    BPF_LOAD_WORD = 0x20,
    BPF_JUMP_EQUAL = 0x15,
    BPF_JUMP_AT_LEAST = 0x35,
    BPF_JUMP_ANY_BIT = 0x45,
    BPF_RETURN = 0x06,
};
enum { MODE_STRICT = 1, MODE_FILTER = 2, SET_MODE_FILTER = 1, FILTER_SPEC_ALLOW = 4 };
static const uint32_t return_allow = 0x7fff0000, return_kill = 0x80000000;

#if defined(__x86_64__)
static const uint32_t architecture = 0xc000003e;
#elif defined(__aarch64__)
static const uint32_t architecture = 0xc00000b7;
#endif

// Above all numbers of calls; far more calls and instructions than the whole runtime has.
enum { NUMBER_LIMIT = 512, CALL_LIMIT = 100, INSTRUCTION_LIMIT = 255 };

// Where a jump goes, until the filter is complete: jumps name one of these.
enum target { TARGET_NEXT, TARGET_KILL, TARGET_ALLOW, TARGET_FIRST_CONDITION };

struct filter {
    struct bpf_instruction instructions[INSTRUCTION_LIMIT];
    uint16_t length;
    uint8_t conditions[NUMBER_LIMIT];  // by number of the call: 1 + condition, 0 for not allowed
    uint16_t calls[CALL_LIMIT];      // the allowed ones, in ascending order
    unsigned call_count;
};

// What reporting traps, dying of signals and exiting take.
static const uint32_t basic_calls[] = {
    SYS_write,        SYS_exit,           SYS_exit_group,
    SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn,
    SMELT_CALL_OWN_THREAD << 16 | SYS_tkill,
};

// The kernel's strict mode forbids exit_group.
static bool is_strict;

// In place of libc's.
_Noreturn void _exit(int status) {
    while (true) syscall(is_strict ? SYS_exit : SYS_exit_group, status);
}

static void allow(struct filter *filter, uint32_t call) {
    uint32_t number = call & 0xffff, condition = call >> 16;
    uint8_t *place = &filter->conditions[number];
    // What one function may do without a condition, the others may too.
    if (*place == 0 || condition + 1 < *place) *place = (uint8_t)(condition + 1);
}

static bool needs_paths(uint32_t call) { return call >> 16 == SMELT_CALL_WITH_PATHS; }

// Whether the program needs anything beyond the basic calls.
static bool needs_more(bool has_directories) {
    for (const uint32_t *call = smelt_calls_begin; call < smelt_calls_end; call++) {
        if (has_directories || !needs_paths(*call)) return true;
    }
    return false;
}

// Takes the list, and the basic calls.
static void gather(struct filter *filter, bool has_directories) {
    for (const uint32_t *call = smelt_calls_begin; call < smelt_calls_end; call++) {
        bool is_path = needs_paths(*call);
        if ((*call & 0xffff) >= NUMBER_LIMIT || (is_path && !has_directories)) continue;
        allow(filter, is_path ? *call & 0xffff : *call);
    }
    for (size_t index = 0; index < sizeof basic_calls / sizeof basic_calls[0]; index++) {
        allow(filter, basic_calls[index]);
    }
    for (uint16_t number = 0; number < NUMBER_LIMIT; number++) {
        if (filter->conditions[number] == 0) continue;
        if (filter->call_count < CALL_LIMIT) filter->calls[filter->call_count++] = number;
    }
}

static void add(struct filter *filter, uint16_t code, uint32_t value, uint8_t if_true,
                uint8_t if_false) {
    filter->instructions[filter->length++] =
        (struct bpf_instruction){code, if_true, if_false, value};
}

static uint8_t target_of(const struct filter *filter, uint16_t number) {
    unsigned condition = filter->conditions[number] - 1u;
    if (condition == SMELT_CALL_ALWAYS) return TARGET_ALLOW;
    return (uint8_t)(TARGET_FIRST_CONDITION + condition);
}

// The search among calls[first] up to calls[last], the number being loaded. Right halves are
// jumped to, by distances that are known here and so are kept apart from targets by the code.
static void add_search(struct filter *filter, unsigned first, unsigned last) {
    if (first == last) {
        uint16_t number = filter->calls[first];
        add(filter, BPF_JUMP_EQUAL, number, target_of(filter, number), TARGET_KILL);
        return;
    }
    unsigned middle = first + (last - first + 1) / 2;
    uint16_t jump = filter->length;
    add(filter, BPF_JUMP_AT_LEAST, filter->calls[middle], 0, 0);
    add_search(filter, first, middle - 1);
    filter->instructions[jump].jump_true = (uint8_t)(filter->length - jump - 1);
    add_search(filter, middle, last);
}

// The lower half of an argument; both architectures are little-endian.
static void load_argument(struct filter *filter, unsigned argument) {
    uint32_t offset = (uint32_t)offsetof(struct seccomp_data, arguments) + argument * 8;
    add(filter, BPF_LOAD_WORD, offset, 0, 0);
}

static void add_condition(struct filter *filter, enum smelt_call_condition condition) {
    switch (condition) {
    case SMELT_CALL_NOT_CODE:
        load_argument(filter, 2);
        add(filter, BPF_JUMP_ANY_BIT, PROT_EXEC, TARGET_KILL, TARGET_ALLOW);
        break;
    case SMELT_CALL_FLAGS:
        load_argument(filter, 1);
        add(filter, BPF_JUMP_EQUAL, F_GETFL, TARGET_ALLOW, TARGET_NEXT);
        add(filter, BPF_JUMP_EQUAL, F_SETFL, TARGET_ALLOW, TARGET_NEXT);
        add(filter, BPF_JUMP_EQUAL, F_DUPFD_CLOEXEC, TARGET_ALLOW, TARGET_KILL);
        break;
    case SMELT_CALL_AVAILABLE:
        load_argument(filter, 1);
        add(filter, BPF_JUMP_EQUAL, FIONREAD, TARGET_ALLOW, TARGET_KILL);
        break;
    case SMELT_CALL_OWN_THREAD:
        load_argument(filter, 0);
        add(filter, BPF_JUMP_EQUAL, (uint32_t)gettid(), TARGET_ALLOW, TARGET_KILL);
        break;
    case SMELT_CALL_ALWAYS:
    case SMELT_CALL_WITH_PATHS:
    case SMELT_CALL_CONDITION_COUNT: break;
    }
}

// Replaces the names of targets by distances.
static void resolve(struct filter *filter, const uint16_t targets[]) {
    for (uint16_t index = 0; index < filter->length; index++) {
        struct bpf_instruction *instruction = &filter->instructions[index];
        if (instruction->code != BPF_JUMP_EQUAL && instruction->code != BPF_JUMP_ANY_BIT) continue;
        uint8_t *jumps[] = {&instruction->jump_true, &instruction->jump_false};
        for (int side = 0; side < 2; side++) {
            if (*jumps[side] == TARGET_NEXT) continue;
            *jumps[side] = (uint8_t)(targets[*jumps[side]] - index - 1);
        }
    }
}

static void build(struct filter *filter) {
    uint16_t targets[TARGET_FIRST_CONDITION + (int)SMELT_CALL_CONDITION_COUNT];
    add(filter, BPF_LOAD_WORD, offsetof(struct seccomp_data, architecture), 0, 0);
    add(filter, BPF_JUMP_EQUAL, architecture, TARGET_NEXT, TARGET_KILL);
    add(filter, BPF_LOAD_WORD, offsetof(struct seccomp_data, number), 0, 0);
    add_search(filter, 0, filter->call_count - 1);
    for (unsigned condition = 0; condition < SMELT_CALL_CONDITION_COUNT; condition++) {
        targets[TARGET_FIRST_CONDITION + condition] = filter->length;
        add_condition(filter, (enum smelt_call_condition)condition);
    }
    targets[TARGET_KILL] = filter->length;
    add(filter, BPF_RETURN, return_kill, 0, 0);
    targets[TARGET_ALLOW] = filter->length;
    add(filter, BPF_RETURN, return_allow, 0, 0);
    resolve(filter, targets);
}

void smelt_lock_down(bool has_directories) {
    if (!needs_more(has_directories)) {
        is_strict = prctl(PR_SET_SECCOMP, MODE_STRICT) == 0;
        return;
    }
    struct filter filter;
    filter.length = 0;
    filter.call_count = 0;
    memset(filter.conditions, 0, sizeof filter.conditions);
    gather(&filter, has_directories);
    build(&filter);
    const struct bpf_program program = {filter.length, filter.instructions};
    // Without privileges, only a process that cannot gain any may have a filter.
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return;
    // Older kernels would slow down all code of a filtered process to keep it from spying on
    // others by timing; the flag says that this is not wanted. Even older ones do not know it.
    if (syscall(SYS_seccomp, SET_MODE_FILTER, FILTER_SPEC_ALLOW, &program) != 0 &&
        errno == EINVAL) {
        prctl(PR_SET_SECCOMP, MODE_FILTER, &program);
    }
}
