// Giving up system calls: a filter (seccomp) made of the list that the linker gathered; lockdown.h
// says where that comes from.
//
// The filter is a binary search, because the kernel tries it for each of its hundreds of calls when
// it is installed, which is most of what it costs. A program that needs nothing beyond writing and
// exiting gets the kernel's own strict mode instead, which costs nothing.
#include "lockdown.h"
#include "core/planted_fault.h"
#include "core/refusal.h"

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
#define RETURN_ALLOW 0x7fff0000
#define RETURN_KILL 0x80000000

#if defined(__x86_64__)
#define ARCHITECTURE 0xc000003e
#elif defined(__aarch64__)
#define ARCHITECTURE 0xc00000b7
#endif

// What a filter begins with: only calls of this architecture, and the number of the call.
static const struct bpf_instruction head[] = {
    {BPF_LOAD_WORD, 0, 0, offsetof(struct seccomp_data, architecture)},
    {BPF_JUMP_EQUAL, 1, 0, ARCHITECTURE},
    {BPF_RETURN, 0, 0, RETURN_KILL},
    {BPF_LOAD_WORD, 0, 0, offsetof(struct seccomp_data, number)},
};

// What it ends in: where the search goes when it has found a call, by the call's condition, or when
// it has not. Only the last places may be jumped to from everywhere, as there are no jumps back.
enum place {
    NOT_CODE = 0,
    FLAGS = 2,
    QUESTION = 6,
    OWN_THREAD = 9,
    KILL = 11,
    ALLOW = 12,
};
// Where the search for a call goes that is not in the list.
#define OTHERWISE (SMELT_PLANTED_LOCKDOWN ? ALLOW : KILL)
#define TEST(place, code, value, if_true, if_false) \
    [place] = {code, (if_true) - (place) - 1, (if_false) - (place) - 1, value}
// The lower half of an argument; both architectures are little-endian.
#define LOAD_ARGUMENT(place, number) \
    [place] = {BPF_LOAD_WORD, 0, 0, offsetof(struct seccomp_data, arguments) + (number) * 8}
static const struct bpf_instruction tail[] = {
    LOAD_ARGUMENT(NOT_CODE, 2),
    TEST(NOT_CODE + 1, BPF_JUMP_ANY_BIT, PROT_EXEC,
         SMELT_PLANTED_EXECUTABLE_MEMORY ? ALLOW : KILL, ALLOW),
    LOAD_ARGUMENT(FLAGS, 1),
    TEST(FLAGS + 1, BPF_JUMP_EQUAL, F_GETFL, ALLOW, FLAGS + 2),
    TEST(FLAGS + 2, BPF_JUMP_EQUAL, F_SETFL, ALLOW, FLAGS + 3),
    TEST(FLAGS + 3, BPF_JUMP_EQUAL, F_DUPFD_CLOEXEC, ALLOW, KILL),
    LOAD_ARGUMENT(QUESTION, 1),
    TEST(QUESTION + 1, BPF_JUMP_EQUAL, FIONREAD, ALLOW, QUESTION + 2),
    TEST(QUESTION + 2, BPF_JUMP_EQUAL, TIOCGWINSZ, ALLOW, KILL),
    LOAD_ARGUMENT(OWN_THREAD, 0),
    TEST(OWN_THREAD + 1, BPF_JUMP_EQUAL, 0, ALLOW, KILL),  // the thread's number is filled in
    [KILL] = {BPF_RETURN, 0, 0, RETURN_KILL},
    [ALLOW] = {BPF_RETURN, 0, 0, RETURN_ALLOW},
};
static const uint8_t places[SMELT_CALL_CONDITION_COUNT] = {
    [SMELT_CALL_ALWAYS] = ALLOW,       [SMELT_CALL_WITH_PATHS] = ALLOW,
    [SMELT_CALL_NOT_CODE] = NOT_CODE,  [SMELT_CALL_FLAGS] = FLAGS,
    [SMELT_CALL_QUESTION] = QUESTION, [SMELT_CALL_OWN_THREAD] = OWN_THREAD,
    [SMELT_CALL_WITH_NETWORK] = ALLOW,
};

enum { COUNT_HEAD = sizeof head / sizeof head[0], COUNT_TAIL = sizeof tail / sizeof tail[0] };

// What reporting traps and exiting take, in every list. (Dying of a signal takes none.)
enum { BASIC_CALLS = 3 };

// More calls than the whole runtime has, and what a search among so many takes.
enum { CALL_LIMIT = 100, SEARCH_LIMIT = 2 * CALL_LIMIT - 1 };
static struct bpf_instruction instructions[(int)COUNT_HEAD + (int)COUNT_TAIL + SEARCH_LIMIT];
// By number of the call: 1 + where the search goes, 0 for calls that are not allowed.
static uint8_t place_of_call[SMELT_CALL_NUMBERS];
// The allowed ones, in ascending order.
static uint16_t calls[CALL_LIMIT];

// The kernel's strict mode forbids exit_group.
static bool is_strict;

// In place of libc's. Programs with a collector have one that reports what it did (gc/program.c).
__attribute__((weak)) _Noreturn void _exit(int status) {
    while (true) syscall(is_strict ? SYS_exit : SYS_exit_group, status);
}

// Takes the list, and returns how many calls are allowed.
static unsigned gather(bool has_directories, bool has_network) {
    for (const uint32_t *entry = smelt_calls_begin; entry < smelt_calls_end; entry++) {
        uint32_t condition = *entry >> 16;
        if (condition == SMELT_CALL_WITH_PATHS && !has_directories) continue;
        if (condition == SMELT_CALL_WITH_NETWORK && !has_network) continue;
        // What one function may do without a condition, the others may too.
        uint8_t *place = &place_of_call[*entry & 0xffff];
        if (*place <= places[condition]) *place = (uint8_t)(places[condition] + 1);
    }
    unsigned count = 0;
    for (uint16_t number = 0; number < SMELT_CALL_NUMBERS; number++) {
        if (place_of_call[number] != 0 && count < CALL_LIMIT) calls[count++] = number;
    }
    return count;
}

// The search among calls[first] and those behind it, `count` in all: `2 * count - 1` instructions.
static void add_search(struct bpf_instruction *code, const struct bpf_instruction *end,
                       unsigned first, unsigned count) {
    uint16_t number = calls[first];
    if (count == 1) {
        uint8_t distance = (uint8_t)(end - code - 1);
        *code = (struct bpf_instruction){BPF_JUMP_EQUAL,
                                         (uint8_t)(distance + place_of_call[number] - 1),
                                         (uint8_t)(distance + OTHERWISE), number};
        return;
    }
    unsigned left = count / 2;
    *code = (struct bpf_instruction){BPF_JUMP_AT_LEAST, (uint8_t)(2 * left - 1), 0,
                                     calls[first + left]};
    add_search(code + 1, end, first, left);
    add_search(code + 2 * left, end, first + left, count - left);
}

// Makes the filter, and returns how many instructions it has.
static unsigned build(unsigned call_count) {
    struct bpf_instruction *search = instructions + COUNT_HEAD;
    struct bpf_instruction *end = search + 2 * call_count - 1;
    memcpy(instructions, head, sizeof head);
    add_search(search, end, 0, call_count);
    memcpy(end, tail, sizeof tail);
    end[OWN_THREAD + 1].value = (uint32_t)gettid();
    return COUNT_HEAD + 2 * call_count - 1 + COUNT_TAIL;
}

// What the kernel says, or a filter that is in its way. Such a filter answers for calls by their
// number, as containers have it, whether with an error or with a success that is none. So each call
// is asked first what it can only refuse: an answer of the filter's is not the kernel's then.
enum answer { ABSENT, REFUSED, DONE };

static bool is_prctl_kernels(void) { return prctl(-1, 0, 0, 0, 0) < 0 && errno == EINVAL; }

static enum answer install(const struct bpf_program *program) {
    if (!is_prctl_kernels()) return REFUSED;
    // Without privileges, only a process that cannot gain any may have a filter.
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return REFUSED;
    bool is_asked = syscall(SYS_seccomp, -1, 0, NULL) < 0;
    bool is_missing = is_asked && errno == ENOSYS;
    // Older kernels would slow down all code of a filtered process to keep it from spying on
    // others by timing; the flag says that this is not wanted. Even older ones do not know it.
    if (is_asked && errno == EINVAL &&
        syscall(SYS_seccomp, SET_MODE_FILTER, FILTER_SPEC_ALLOW, program) == 0) {
        return DONE;
    }
    if (prctl(PR_SET_SECCOMP, MODE_FILTER, program) == 0) return DONE;
    // This is what a kernel, or an emulator, says that has nothing of the kind.
    return is_missing && prctl(PR_GET_SECCOMP) < 0 && errno == EINVAL ? ABSENT : REFUSED;
}

void smelt_lock_down(bool has_directories, bool has_network) {
    SMELT_CALLS(write);
    SMELT_CALLS(exit);
    SMELT_CALLS(exit_group);
    unsigned count = gather(has_directories, has_network);
    if (count == BASIC_CALLS && !SMELT_PLANTED_LOCKDOWN) {
        // A process that was given a filter before cannot have it.
        is_strict = is_prctl_kernels() && prctl(PR_SET_SECCOMP, MODE_STRICT) == 0;
        if (is_strict) return;
    }
    const struct bpf_program program = {(uint16_t)build(count), instructions};
    if (install(&program) == REFUSED) smelt_lockdown_refused("seccomp");
}
