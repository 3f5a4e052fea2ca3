// A plugin attacks its host, which has to survive all of it, with its own data as it was. What a host does
// wrong is here, too, where the header says that it is found out.
#define _GNU_SOURCE
#include "attack.h"

#include <fenv.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <ucontext.h>
#endif

#include "check.h"

// Sanitizers have address space of their own, and qemu has no limit of it.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__x86_64__)
#define HAS_ADDRESS_LIMIT 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_ADDRESS_LIMIT 0
#endif
#endif
#ifndef HAS_ADDRESS_LIMIT
#define HAS_ADDRESS_LIMIT 1
#endif

static smelt_reference given;  // what the functions of the host hand out
enum { TRAP = 1, FAIL, RESET, FREE, DEEP, WAIT };
static void (*wait_elsewhere)(attack *instance);

static uint32_t call(void *context, attack *a, uint32_t what, uint32_t *result) {
    (void)context;
    uint64_t sum = 0;
    switch (what) {
    case 0: return attack_deep_host(a, result);
    case TRAP: *result = attack_trap(a); break;
    case FAIL: return 99;
    case RESET: *result = attack_reset(a); break;
    case FREE: *result = attack_free(a); break;
    case DEEP: *result = attack_deep(a, 0, result); break;
    case WAIT: wait_elsewhere(a); *result = 1; break;
    default: *result = what;
    }
    // Whatever has happened, the instance can be called.
    CHECK(attack_call_pair(a, 1, &sum) == SMELT_OK && sum == 42);
    return SMELT_OK;
}

static uint32_t function(void *context, attack *instance, smelt_reference *result) {
    (void)context;
    (void)instance;
    *result = given;
    return SMELT_OK;
}

static const attack_imports imports = {.size = sizeof imports, .host_call = call,
                                       .host_function = function, .host_typed = function};

static attack *make(size_t stack_size) {
    smelt_options options = SMELT_OPTIONS_INIT;
    smelt_error error;
    options.stack_size = stack_size;
    attack *a = attack_new(&imports, &options, &error);
    if (a == NULL) {
        fputs(error.message, stderr);
        exit(1);
    }
    return a;
}

static void check_alive(attack *a) {
    uint64_t sum = 0;
    CHECK(attack_call_pair(a, 1, &sum) == SMELT_OK && sum == 42);
}

// Wild pointers ---------------------------------------------------------------------------------

static uint8_t secret[4096];

static void at_distance(attack *a, const void *object) {
    uint64_t value;
    const enum smelt_status out = SMELT_OUT_OF_BOUNDS_MEMORY_ACCESS;
    uint64_t place = (uint64_t)(uintptr_t)object;
    uint64_t near = place - (uint64_t)(uintptr_t)attack_memory_data(a);
    uint64_t far = place - (uint64_t)(uintptr_t)attack_long_data(a);
    CHECK(attack_read_long(a, far, &value) == out && attack_write_long(a, far, 1) == out);
    CHECK(attack_read_long_far(a, far + 8, &value) == out && attack_fill(a, far, 8) == out);
    CHECK(attack_copy_long(a, far, 0, 8) == out);
    if ((uint32_t)near > 0x10000) {
        CHECK(attack_read(a, (uint32_t)near, &value) == out);
        CHECK(attack_write(a, (uint32_t)near, 1) == out);
        CHECK(attack_read_far(a, (uint32_t)near, &value) == out);
    }
}

static void check_pointers(attack *a) {
    static const uint32_t places[] = {0xfff9, 0xffff, 0x10000, 0x7ffffff8, 0x80000000, 0xfffffff8, 0xffffffff};
    uint64_t value;
    const enum smelt_status out = SMELT_OUT_OF_BOUNDS_MEMORY_ACCESS;
    for (size_t index = 0; index < sizeof places / sizeof places[0]; index++) {
        uint32_t place = places[index];
        CHECK(attack_read(a, place, &value) == out && attack_write(a, place, 1) == out);
        CHECK(attack_read_bytes(a, place, &value) == out && attack_write_bytes(a, place, 1) == out);
        CHECK(attack_read_far(a, place, &value) == out);
        CHECK(attack_copy(a, place, 0, 0x10000) == out && attack_copy(a, 0, place, 0x10000) == out);
        CHECK(attack_init(a, 0, place, 7) == out && attack_init(a, place, 0, 8) == out);
        CHECK(attack_sweep(a, place & ~7u, 0, &value) == out || place < 0x10000);
    }
    CHECK(attack_read(a, 0xfff8, &value) == SMELT_OK && attack_read_bytes(a, 92, &value) == SMELT_OK);
    CHECK(attack_read_bytes(a, 93, &value) == out && attack_write_bytes(a, 93, 1) == out);
    int local = 0;
    at_distance(a, secret);
    at_distance(a, a);
    at_distance(a, &local);
    at_distance(a, (void *)(uintptr_t)attack_trap);
    at_distance(a, attack_memory_data(a));
    at_distance(a, attack_bytes_data(a));
    at_distance(a, attack_error(a));
    CHECK(attack_grow(a, 1, &value) == SMELT_OK && value == 1);
    CHECK(attack_read_long(a, 0x1fff8, &value) == SMELT_OK && value == 0);
    CHECK(attack_read_long(a, 0x1fff9, &value) == out);
    CHECK(attack_grow(a, UINT64_MAX, &value) == SMELT_OK && value == UINT64_MAX);
    CHECK(attack_grow(a, UINT64_C(1) << 48, &value) == SMELT_OK && value == UINT64_MAX);
    for (size_t index = 0; index < sizeof secret; index++) CHECK(secret[index] == 0xa5);
}

// Tables and references -------------------------------------------------------------------------

static void check_tables(attack *a) {
    uint64_t value = 0;
    uint32_t result = 0;
    static const uint32_t outside[] = {8, 16, 0x7fffffff, 0x80000000, 0xffffffff};
    for (size_t index = 0; index < sizeof outside / sizeof outside[0]; index++) {
        CHECK(attack_call_pair(a, outside[index], &value) == SMELT_UNDEFINED_ELEMENT);
        CHECK(attack_table_set(a, outside[index]) == SMELT_OUT_OF_BOUNDS_TABLE_ACCESS);
        CHECK(attack_table_copy(a, outside[index], 0, 1) == SMELT_OUT_OF_BOUNDS_TABLE_ACCESS);
    }
    CHECK(attack_call_pair(a, 0, &value) == SMELT_INDIRECT_CALL_TYPE_MISMATCH);
    CHECK(attack_call_pair(a, 2, &value) == SMELT_INDIRECT_CALL_TYPE_MISMATCH);
    CHECK(attack_call_pair(a, 4, &value) == SMELT_INDIRECT_CALL_TYPE_MISMATCH);
    CHECK(attack_call_pair(a, 5, &value) == SMELT_UNINITIALIZED_ELEMENT);
    for (uint32_t index = 0; index < 5; index++) {
        CHECK(attack_call_many(a, index, &result) == SMELT_INDIRECT_CALL_TYPE_MISMATCH);
    }
    CHECK(attack_table_grow(a, 9, &result) == SMELT_OK && result == UINT32_MAX);
    CHECK(attack_table_grow(a, 8, &result) == SMELT_OK && result == 8);
    CHECK(attack_call_pair(a, 15, &value) == SMELT_OK && value == 42);
    CHECK(attack_call_pair(a, 16, &value) == SMELT_UNDEFINED_ELEMENT);
    check_alive(a);
}

// Everything that is no function of the instance is refused before the guest sees it.
static void check_references(attack *a) {
    attack *b = make(0);
    uint64_t value = 0;
    smelt_reference right = NULL, foreign = NULL, freed = NULL;
    CHECK(attack_a_function(a, &right) == SMELT_OK && attack_a_function(b, &foreign) == SMELT_OK);
    attack *gone = make(0);
    CHECK(attack_a_function(gone, &freed) == SMELT_OK && attack_free(gone) == SMELT_OK);
    void *fake[3] = {(void *)(uintptr_t)abort, NULL, a};
    smelt_reference wrong[] = {foreign, freed, a, fake, secret, (char *)right + 8, (char *)right - 1,
                               (void *)(uintptr_t)1, (void *)(uintptr_t)UINTPTR_MAX,
                               attack_memory_data(a)};
    const enum smelt_status bad = SMELT_BAD_ARGUMENT;
    for (size_t index = 0; index < sizeof wrong / sizeof wrong[0]; index++) {
        CHECK(attack_use(a, wrong[index], &value) == bad);
        CHECK(attack_use_exact(a, wrong[index], &value) == bad);
        CHECK(attack_use_null(a, wrong[index], &value) == bad);
        CHECK(attack_kept_set(a, wrong[index]) == bad && attack_exact_set(a, wrong[index]) == bad);
        given = wrong[index];
        CHECK(attack_use_host(a, &value) == bad && attack_use_typed(a) == bad);
        check_alive(a);
    }
    CHECK(attack_use(a, NULL, &value) == SMELT_UNINITIALIZED_ELEMENT);
    CHECK(attack_use_exact(a, NULL, &value) == bad && attack_use_object(a, NULL) == bad);
    CHECK(attack_use_null(a, NULL, &value) == SMELT_NULL_FUNCTION_REFERENCE);
    CHECK(attack_use_object(a, secret) == SMELT_OK && attack_exact_set(a, NULL) == SMELT_OK);
    given = NULL;
    CHECK(attack_use_host(a, &value) == SMELT_UNINITIALIZED_ELEMENT && attack_use_typed(a) == bad);
    CHECK(attack_use_kept(a, &value) == SMELT_NULL_FUNCTION_REFERENCE);
    CHECK(attack_use(a, right, &value) == SMELT_OK && value == 42);
    CHECK(attack_use_exact(a, right, &value) == SMELT_OK && value == 42);
    CHECK(attack_exact_set(a, right) == SMELT_OK && attack_use_kept(a, &value) == SMELT_OK);
    given = right;
    // Of another type than `typed` has.
    CHECK(attack_use_host(a, &value) == SMELT_OK && value == 42 && attack_use_typed(a) == bad);
    CHECK(attack_free(b) == SMELT_OK);
}

// The stack -------------------------------------------------------------------------------------

static void exhaust(attack *a) {
    uint32_t result = 0;
    for (int round = 0; round < 3; round++) {
        CHECK(attack_deep(a, 0, &result) == SMELT_CALL_STACK_EXHAUSTED);
        CHECK(attack_deep_table(a, 0, &result) == SMELT_CALL_STACK_EXHAUSTED);
        // The host's function fails with what the innermost call returns, and so on.
        CHECK(attack_deep_host(a, &result) == SMELT_HOST_FAILED);
        CHECK(attack_host(a, DEEP, &result) == SMELT_OK && result == SMELT_CALL_STACK_EXHAUSTED);
        check_alive(a);
    }
}

static void *exhaust_on_thread(void *unused) {
    attack *a = make(0);
    exhaust(a);
    CHECK(attack_free(a) == SMELT_OK);
    return unused;
}

static void on_thread(void *(*function)(void *), void *argument, size_t stack_size) {
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, stack_size);
    CHECK(pthread_create(&thread, &attributes, function, argument) == 0 &&
          pthread_join(thread, NULL) == 0);
}

static attack *signalled;

static void handle(int signal, void (*handler)(int), int flags) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = flags;
    sigaction(signal, &action, NULL);
}

#ifndef __SANITIZE_THREAD__
static enum smelt_status expected;
static volatile sig_atomic_t handled;

static void recurse_in_handler(int signal) {
    uint32_t result = 0;
    (void)signal;
    CHECK(attack_deep(signalled, 0, &result) == SMELT_CALL_STACK_EXHAUSTED);
    CHECK(attack_trap(signalled) == expected);
    handled++;
}

// Of an alternate stack the guest gets what is left, if that is anything.
static void check_alternate_stack(attack *a, size_t size, enum smelt_status status) {
    uint8_t *memory = malloc(size + 8192);
    memset(memory, 0x5a, size + 8192);
    stack_t stack = {.ss_sp = memory + 4096, .ss_size = size}, before;
    CHECK(sigaltstack(&stack, &before) == 0);
    handle(SIGUSR1, recurse_in_handler, SA_ONSTACK);
    signalled = a;
    expected = status;
    handled = 0;
    raise(SIGUSR1);
    CHECK(handled == 1);
    sigaltstack(&before, NULL);
    for (size_t index = 0; index < 4096; index++) {
        CHECK(memory[index] == 0x5a && memory[4096 + size + index] == 0x5a);
    }
    free(memory);
    check_alive(a);
}
#endif

// Host functions and signals --------------------------------------------------------------------

static void check_host(attack *a) {
    uint32_t result = 0;
    for (int round = 0; round < 3; round++) {
        CHECK(attack_host(a, TRAP, &result) == SMELT_OK && result == SMELT_UNREACHABLE);
        CHECK(attack_host(a, FAIL, &result) == SMELT_HOST_FAILED && attack_error(a)->detail == 99);
        CHECK(attack_host(a, RESET, &result) == SMELT_OK && result == SMELT_BUSY);
        CHECK(attack_host(a, FREE, &result) == SMELT_OK && result == SMELT_BUSY);
        CHECK(attack_tail(a, FAIL, &result) == SMELT_HOST_FAILED);
        CHECK(attack_tail(a, 40, &result) == SMELT_OK);
        CHECK(attack_host_then_trap(a, TRAP) == SMELT_UNREACHABLE && attack_trap(a) == SMELT_UNREACHABLE);
    }
}

static void *block_signals(void *unused) {
    sigset_t all;
    uint64_t value;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    attack *a = make(0);
    CHECK(attack_trap(a) == SMELT_UNREACHABLE);
    CHECK(attack_read(a, 0xffffffff, &value) == SMELT_OUT_OF_BOUNDS_MEMORY_ACCESS);
    CHECK(attack_free(a) == SMELT_OK);
    return unused;
}

// Operations that are signals for the host are none for the guest, and still are for the host afterwards.
static void check_floats(attack *a) {
    double result = 0;
#if defined(__GLIBC__) && defined(__x86_64__)
    const int signals = FE_DIVBYZERO | FE_INVALID | FE_INEXACT;
    feenableexcept(signals);
    CHECK(attack_divide(a, 1, 0, &result) == SMELT_OK && attack_divide(a, 1, 3, &result) == SMELT_OK);
    CHECK(attack_trap(a) == SMELT_UNREACHABLE && fegetexcept() == signals);
    feclearexcept(FE_ALL_EXCEPT);
    fedisableexcept(FE_ALL_EXCEPT);
#endif
    CHECK(attack_divide(a, 1, 0, &result) == SMELT_OK);
}

static volatile sig_atomic_t refused;

static void poke(int signal) {
    uint32_t result;
    (void)signal;
    enum smelt_status status = attack_poke(signalled, &result);
    refused += status == SMELT_BUSY;
    CHECK(status == SMELT_BUSY || status == SMELT_OK);
}

// A handler that calls the instance which it has interrupted is told so.
static void check_interruption(attack *a) {
    uint32_t result = 0;
    struct itimerval timer = {{0, 300}, {0, 300}}, none = {{0, 0}, {0, 0}};
    signalled = a;
    refused = 0;
    handle(SIGALRM, poke, SA_RESTART);
    setitimer(ITIMER_REAL, &timer, NULL);
    for (int round = 0; round < 200 && refused < 20; round++) {
        CHECK(attack_spin(a, 20000, &result) == SMELT_OK && result == 60000);
    }
    setitimer(ITIMER_REAL, &none, NULL);
    handle(SIGALRM, SIG_IGN, 0);
#ifndef __SANITIZE_THREAD__  // which keeps signals back until the host's own code runs
    CHECK(refused > 0);
#endif
    check_alive(a);
}

// Threads ---------------------------------------------------------------------------------------

static uint64_t counted;

// All race for one instance: who gets it has it alone.
static void *race(void *argument) {
    for (int round = 0; round < 20000; round++) {
        uint64_t value;
        enum smelt_status status = attack_count(argument, &value);
        CHECK(status == SMELT_OK || status == SMELT_BUSY);
        if (status == SMELT_OK) __atomic_fetch_add(&counted, 1, __ATOMIC_RELAXED);
        if (round % 64 == 0) CHECK(attack_trap(argument) != SMELT_OK);
    }
    return NULL;
}

static void check_race(attack *a) {
    enum { COUNT = 4 };
    pthread_t threads[COUNT];
    uint64_t value = 0;
    counted = 0;
    for (int index = 0; index < COUNT; index++) pthread_create(&threads[index], NULL, race, a);
    for (int index = 0; index < COUNT; index++) pthread_join(threads[index], NULL);
    CHECK(attack_count(a, &value) == SMELT_OK && value == counted + 1);
}

static void *bind_instance(void *argument) {
    smelt_options options = SMELT_OPTIONS_INIT;
    options.flags = SMELT_ONE_THREAD;
    *(attack **)argument = attack_new(&imports, &options, NULL);
    return NULL;
}

static void *use_bound(void *argument) {
    uint64_t value;
    CHECK(attack_count(argument, &value) == SMELT_BUSY && attack_free(argument) == SMELT_BUSY);
    return NULL;
}

// A later thread is not the one that an instance is bound to, wherever its variables are.
static void check_bound(void) {
    attack *bound = NULL;
    on_thread(bind_instance, &bound, 1 << 20);
    for (int round = 0; round < 3; round++) on_thread(use_bound, bound, 1 << 20);
}

// Fibers ----------------------------------------------------------------------------------------

#ifdef __GLIBC__
static ucontext_t outside, fibers[2];
static attack *instances[2];
static const size_t fiber_size = 512 << 10;

static void switch_fiber(attack *a) {
    int self = a == instances[1];
    swapcontext(&fibers[self], &fibers[!self]);
}

static void use_fiber(int self) {
    uint32_t result;
    CHECK(attack_host_then_trap(instances[self], WAIT) == SMELT_UNREACHABLE);
    CHECK(attack_deep(instances[self], 0, &result) == SMELT_CALL_STACK_EXHAUSTED);
    if (self == 0) swapcontext(&fibers[0], &fibers[1]);
}

static void make_fiber(int number, void (*function)(int), char *stack) {
    getcontext(&fibers[number]);
    fibers[number].uc_stack.ss_sp = stack;
    fibers[number].uc_stack.ss_size = fiber_size;
    fibers[number].uc_link = &outside;
    makecontext(&fibers[number], (void (*)(void))(uintptr_t)function, 1, number);
}

// Calls on two stacks of one thread, which end in another order than they have begun.
static void check_fibers(void) {
    char *stacks = mmap(NULL, 2 * fiber_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    wait_elsewhere = switch_fiber;
    for (int index = 0; index < 2; index++) {
        instances[index] = make(256 << 10);
        make_fiber(index, use_fiber, stacks + (size_t)index * fiber_size);
    }
    swapcontext(&outside, &fibers[0]);
    for (int index = 0; index < 2; index++) CHECK(attack_free(instances[index]) == SMELT_OK);
    munmap(stacks, 2 * fiber_size);
}

static void use_without_size(int self) {
    uint64_t value;
    CHECK(attack_count(instances[self], &value) == SMELT_CALL_STACK_EXHAUSTED);
}

// Where nobody has said how large a stack is, there is none.
static void check_unknown_stack(attack *a) {
    char *stack = malloc(fiber_size);
    instances[0] = a;
    make_fiber(0, use_without_size, stack);
    swapcontext(&outside, &fibers[0]);
    free(stack);
}
#endif

// Processes and memory --------------------------------------------------------------------------

static void check_fork(attack *a) {
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        check_pointers(make(0));
        check_tables(make(0));
        check_alive(a);
        _exit(failures != 0);
    }
    int status = -1;
    CHECK(waitpid(child, &status, 0) == child && status == 0);
}

static void check_address_limit(void) {
    for (rlim_t gigabytes = 1; HAS_ADDRESS_LIMIT && gigabytes < 50; gigabytes += 3) {
        fflush(NULL);
        pid_t child = fork();
        if (child == 0) {
            struct rlimit limit = {gigabytes << 30, gigabytes << 30};
            attack *made[16] = {NULL};
            setrlimit(RLIMIT_AS, &limit);
            size_t count = 0;
            smelt_error error;
            while (count < 16 && (made[count] = attack_new(&imports, NULL, &error)) != NULL) count++;
            CHECK(count == 16 || error.status == SMELT_NO_RESOURCES);
            uint64_t value;
            for (size_t index = 0; index < count; index++) {
                attack *a = made[index];
                CHECK(attack_grow(a, 1, &value) == SMELT_OK && attack_reset(a) == SMELT_OK);
                CHECK(attack_trap(a) == SMELT_UNREACHABLE && attack_free(a) == SMELT_OK);
            }
            _exit(failures != 0);
        }
        int status = -1;
        CHECK(waitpid(child, &status, 0) == child && status == 0);
    }
}

int main(void) {
    memset(secret, 0xa5, sizeof secret);
    attack *a = make(0);
    for (int round = 0; round < 2; round++) {
        check_pointers(a);
        check_tables(a);
        check_references(a);
        exhaust(a);
        check_host(a);
        check_floats(a);
        CHECK(attack_reset(a) == SMELT_OK);
    }
    static const size_t stacks[] = {128 << 10, 256 << 10, 1 << 20, 16 << 20};
    for (size_t index = 0; index < sizeof stacks / sizeof stacks[0]; index++) {
        on_thread(exhaust_on_thread, NULL, stacks[index]);
    }
#ifndef __SANITIZE_THREAD__
    // That sanitizer blocks all signals while a handler runs.
    check_alternate_stack(a, 32 << 10, SMELT_CALL_STACK_EXHAUSTED);
    check_alternate_stack(a, 256 << 10, SMELT_UNREACHABLE);
#endif
    on_thread(block_signals, NULL, 1 << 20);
    check_interruption(a);
    CHECK(attack_reset(a) == SMELT_OK);
    check_race(a);
    check_bound();
#ifdef __GLIBC__
    check_fibers();
    check_unknown_stack(a);
#endif
    check_fork(a);
    check_address_limit();
    CHECK(attack_free(a) == SMELT_OK);
    printf("%d failures\n", failures);
    return failures != 0;
}
