// A program around guest.ll, by its first argument: what the compiler would make of a module.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "smelt/abi.h"
#include "wasi_p1/state.h"

#ifndef FLAGS
#define FLAGS 0
#endif

int64_t test_deep(const struct smelt_tag *tag, int64_t depth, int64_t value);
int64_t test_registers(const struct smelt_tag *tag, int64_t *integers, double *numbers,
                       int64_t *others);
int64_t test_dynamic_alloca(const struct smelt_tag *tag, int64_t size);
int64_t test_realigned(const struct smelt_tag *tag, int64_t size);
int64_t test_stack_arguments(const struct smelt_tag *tag, int64_t size);
int64_t test_loop(const struct smelt_tag *tag, int64_t count);
int64_t test_resume(const struct smelt_tag *tag, const struct smelt_tag *thrown, int64_t value);
int64_t test_unprotected(const struct smelt_tag *tag, int64_t value);
int64_t test_trap(int64_t value);
int64_t test_exhaustion(const struct smelt_tag *tag);
int64_t test_uncaught(const struct smelt_tag *tag);
struct smelt_exception *make_list(const struct smelt_tag *tag, int64_t length);
void fill(uint8_t *bytes, int64_t size);
int64_t check(const uint8_t *bytes, int64_t size);

static const struct smelt_tag tag = {"the tag\x1b"}, other_tag = {"the other tag"};

static void say(const char *text) {
    if (write(STDOUT_FILENO, text, strlen(text)) < 0) _exit(3);
}

static void expect(int line, int64_t found, int64_t wanted) {
    if (found == wanted) return;
    char digits[] = "line 0000: wrong\n";
    for (int place = 8; place > 4; place--, line /= 10) digits[place] = (char)('0' + line % 10);
    say(digits);
    _exit(1);
}
#define EXPECT(found, wanted) expect(__LINE__, found, wanted)

// What must still be there, and is: 1 if it is.
void fill(uint8_t *bytes, int64_t size) {
    for (int64_t index = 0; index < size; index++) bytes[index] = (uint8_t)(index * 7 + size);
}
int64_t check(const uint8_t *bytes, int64_t size) {
    for (int64_t index = 0; index < size; index++) {
        if (bytes[index] != (uint8_t)(index * 7 + size)) return 0;
    }
    return 1;
}

static void check_registers(void) {
    int64_t integers[12], others[12] = {0};
    double numbers[10];
    for (int index = 0; index < 12; index++) integers[index] = 1000 + index;
    for (int index = 0; index < 10; index++) numbers[index] = 0.5 + index;
    EXPECT(test_registers(&tag, integers, numbers, others), 1);
    for (int index = 0; index < 12; index++) EXPECT(integers[index], 1000 + index);
    for (int index = 0; index < 10; index++) EXPECT(numbers[index] == 0.5 + index, 1);
}

// Twice: from the tables, and from what is remembered of them.
static void check_catches(void) {
    for (int round = 0; round < 2; round++) {
        for (int64_t depth = 0; depth < 30; depth++) {
            EXPECT(test_deep(&tag, depth, 3), 1000003);
            EXPECT(test_deep(&tag, depth, -1), 5 + depth);
        }
        EXPECT(test_deep(&tag, 20000, 4), 1000004);
        check_registers();
        EXPECT(test_dynamic_alloca(&tag, 1000), 3 + 1);
        EXPECT(test_realigned(&tag, 1000), 4 + 1 + 1);
        EXPECT(test_stack_arguments(&tag, 50), 100 + 1);
        EXPECT(test_loop(&tag, 1000000), 1000000 + 1);
        EXPECT(test_resume(&tag, &tag, 8), 8);
        EXPECT(test_resume(&tag, &other_tag, 8), 108 + 7);
        EXPECT(test_unprotected(&tag, 6), 6);
        EXPECT(test_trap(1), 1);
    }
}

struct element {
    struct smelt_object header;
    const struct smelt_tag *tag;
    const struct element *next;
    int64_t number;
};

// A list that is in use while far more than it are made.
static __attribute__((noinline, section(".text.smelt.b"))) void check_memory(int64_t rounds) {
    const int64_t length = 100000;
    const struct element *list = (const struct element *)make_list(&tag, length);
    for (int64_t round = 0; round < rounds; round++) {
        EXPECT(test_deep(&other_tag, 2, round), round + 1000000);
        make_list(&other_tag, round % 7 == 0 ? 10 : 1);
    }
    for (int64_t index = length - 1; index >= 0; index--, list = list->next) {
        EXPECT(list != NULL && list->tag == &tag && list->header.length == 16, 1);
        EXPECT(list->number, index);
    }
    EXPECT(list == NULL, 1);
}

static int64_t number(const char *text) {
    int64_t value = 0;
    for (; *text >= '0' && *text <= '9'; text++) value = 10 * value + (*text - '0');
    return value;
}

static __attribute__((section(".text.smelt.b"))) void start(void) {
    char **arguments = ((struct wasi_state *)smelt_context.wasi)->host.arguments;
    const char *what = arguments[1];
    if (strcmp(what, "catches") == 0) check_catches();
    if (strcmp(what, "memory") == 0) check_memory(number(arguments[2]));
    if (strcmp(what, "full") == 0) {
        smelt_heap_limit = 256 << 20;
        make_list(&tag, INT64_MAX);
    }
    if (strcmp(what, "trap") == 0) test_trap(0);
    if (strcmp(what, "exhaustion") == 0) test_exhaustion(&tag);
    if (strcmp(what, "uncaught") == 0) test_uncaught(&tag);
    if (strcmp(what, "throws") == 0) {
        int64_t depth = number(arguments[2]);
        for (int64_t left = number(arguments[3]); left > 0; left--) test_deep(&tag, depth, 1);
    }
    say("done\n");
}

const struct smelt_program smelt_program = {
    .stack_size = 8 << 20,
    .cpu_name = "any",
    .grants = "",
    .start = start,
    .maximum_memory = UINT64_MAX,
    .flags = FLAGS,
};
