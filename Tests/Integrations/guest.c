// A guest with everything that manifests can declare, and with everything that it should not do.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT(name) __attribute__((export_name(name)))
#define IMPORT(name) __attribute__((import_module("host"), import_name(name)))

IMPORT("notice") void host_notice(const char *text, uint32_t length);
IMPORT("error") void host_error(const char *text, uint32_t length);
IMPORT("missing") int32_t host_missing(int64_t, double);

EXPORT("alloc") void *allocate(uint32_t size) { return malloc(size); }
EXPORT("dealloc") void release(void *block) { free(block); }
EXPORT("release") void release_with_length(void *block, uint32_t length) {
    // What was allocated is as long as what is released, and was not released before.
    memset(block, 0xee, length);
    free(block);
}

// Numbers --------------------------------------------------------------------------------------

EXPORT("add") int32_t add(int32_t a, int32_t b) { return (int32_t)((uint32_t)a + (uint32_t)b); }
EXPORT("add64") int64_t add64(int64_t a, int64_t b) { return (int64_t)((uint64_t)a + (uint64_t)b); }
EXPORT("half") double half(double x) { return x / 2; }
EXPORT("halff") float halff(float x) { return x / 2; }
EXPORT("not") int32_t not(int32_t x) { return !x; }
EXPORT("divide") int32_t divide(int32_t a, int32_t b) { return a / b; }
EXPORT("count_nulls") int32_t count_nulls(int32_t a, int32_t b) { return a + b; }
EXPORT("positive") int32_t positive(int32_t x) { return x < 0 ? -1 : x; }
EXPORT("even") int32_t even(int32_t x) { return x % 2; }

// Texts ----------------------------------------------------------------------------------------

static uint64_t packed(const void *bytes, uint32_t length) {
    return (uint64_t)(uintptr_t)bytes << 32 | length;
}

static char *reversed(const char *text, uint32_t length) {
    char *result = malloc(length + 1);
    for (uint32_t index = 0; index < length; index++) result[index] = text[length - 1 - index];
    result[length] = 0;
    return result;
}

EXPORT("reverse") uint64_t reverse(const char *text, uint32_t length) {
    return packed(reversed(text, length), length);
}
EXPORT("reverse_swapped") uint64_t reverse_swapped(const char *text, uint32_t length) {
    return (uint64_t)length << 32 | (uint32_t)(uintptr_t)reversed(text, length);
}
EXPORT("reverse_terminated") char *reverse_terminated(const char *text) {
    return reversed(text, (uint32_t)strlen(text));
}
EXPORT("reverse_prefixed") char *reverse_prefixed(const char *text, uint32_t length) {
    char *result = malloc(4 + length);
    memcpy(result, &length, 4);
    for (uint32_t index = 0; index < length; index++) result[4 + index] = text[length - 1 - index];
    return result;
}
EXPORT("reverse_buffer") int32_t reverse_buffer(const char *text, uint32_t length, char *to,
                                                uint32_t capacity) {
    if (length > capacity) return -1;
    for (uint32_t index = 0; index < length; index++) to[index] = text[length - 1 - index];
    return (int32_t)length;
}
static struct {
    const char *text;
    uint32_t length;
} area;
EXPORT("reverse_area") void *reverse_area(const char *text, uint32_t length) {
    area.text = reversed(text, length);
    area.length = length;
    return &area;
}
EXPORT("reverse_calls") int32_t reverse_calls(const char *text, uint32_t length) {
    reverse_area(text, length);
    return length == 3 ? 7 : 0;
}
EXPORT("area_text") const char *area_text(void) { return area.text; }
EXPORT("area_length") uint32_t area_length(void) { return area.length; }
EXPORT("reverse_given") uint64_t reverse_given(char *text, uint32_t length) {
    uint64_t result = packed(reversed(text, length), length);
    free(text);
    return result;
}
EXPORT("nothing") uint64_t nothing(void) { return 0; }
static char greeting[32];
EXPORT("greet") void greet(const char *text, uint32_t length, int32_t mark) {
    memset(greeting, 0, sizeof greeting);
    memcpy(greeting, text, length);
    greeting[length] = (char)mark;
}
EXPORT("greeting") const char *the_greeting(void) { return greeting; }

// Arrays ---------------------------------------------------------------------------------------

EXPORT("total") int64_t total(const int64_t *values, uint32_t count) {
    uint64_t sum = 0;
    while (count-- > 0) sum += (uint64_t)*values++;
    return (int64_t)sum;
}
EXPORT("doubled") uint64_t doubled(const double *values, uint32_t count) {
    double *result = malloc(count * sizeof *result + 1);
    for (uint32_t index = 0; index < count; index++) result[index] = values[index] * 2;
    return packed(result, count);
}
EXPORT("flipped") uint64_t flipped(const uint8_t *values, uint32_t count) {
    uint8_t *result = malloc(count + 1);
    for (uint32_t index = 0; index < count; index++) result[index] = values[index] ? 0 : 7;
    return packed(result, count);
}

// Aggregates and tables -------------------------------------------------------------------------

static void misbehave(const char *text, uint32_t length) {
    if (length == 4 && memcmp(text, "trap", 4) == 0) __builtin_trap();
    volatile uint32_t count = 0;
    while (length == 4 && memcmp(text, "spin", 4) == 0) count++;
}

struct joined {
    char *text;
    uint32_t length;
};
static int32_t states;
EXPORT("states") int32_t live_states(void) { return states; }
EXPORT("join_new") struct joined *join_new(void) {
    states++;
    return calloc(1, sizeof(struct joined));
}
EXPORT("join_step") void join_step(struct joined *state, const char *text, uint32_t length) {
    misbehave(text, length);
    state->text = realloc(state->text, state->length + length);
    memcpy(state->text + state->length, text, length);
    state->length += length;
}
EXPORT("join_final") uint64_t join_final(struct joined *state) {
    return packed(state->text == NULL ? (char *)state : state->text, state->length);
}
EXPORT("join_drop") void join_drop(struct joined *state) {
    states--;
    free(state->text);
    free(state);
}
EXPORT("sum_step") int64_t sum_step(int64_t state, int64_t value) { return state + value; }
EXPORT("sum_final") int64_t sum_final(int64_t state) { return state; }

struct words {
    char *text;
    uint32_t length, at, start;
    int32_t number;
};
EXPORT("words_open") struct words *words_open(const char *text, uint32_t length) {
    struct words *words = calloc(1, sizeof *words);
    states++;
    words->text = malloc(length + 1);
    memcpy(words->text, text, length);
    words->length = length;
    return words;
}
EXPORT("words_next") int32_t words_next(struct words *words) {
    while (words->at < words->length && words->text[words->at] == ' ') words->at++;
    words->start = words->at;
    while (words->at < words->length && words->text[words->at] != ' ') words->at++;
    words->number++;
    misbehave(words->text + words->start, words->at - words->start);
    return words->at > words->start;
}
EXPORT("words_text") uint64_t words_text(struct words *words) {
    return packed(words->text + words->start, words->at - words->start);
}
EXPORT("words_number") int32_t words_number(struct words *words) { return words->number; }
EXPORT("words_close") void words_close(struct words *words) {
    states--;
    free(words->text);
    free(words);
}

// What a guest should not do --------------------------------------------------------------------

EXPORT("recurse") int32_t recurse(int32_t depth) {
    volatile char room[100];
    room[0] = (char)depth;
    return depth == -1 ? room[0] : recurse(depth + 1) + room[0];
}
EXPORT("recurse_without_memory") int32_t recurse_without_memory(int32_t depth);
static int32_t (*volatile again)(int32_t) = recurse_without_memory;
int32_t recurse_without_memory(int32_t depth) {
    return depth == -1 ? 0 : again(depth + 1) + 1;
}
EXPORT("spin") int32_t spin(int32_t x) {
    for (volatile int32_t index = 0; x != 0; index++) {
    }
    return x;
}
EXPORT("read") int32_t read_at(int32_t address) { return *(volatile int32_t *)(uintptr_t)(uint32_t)address; }
EXPORT("write") int32_t write_at(int32_t address) {
    *(volatile int32_t *)(uintptr_t)(uint32_t)address = 1;
    return 0;
}
EXPORT("call") int32_t call_at(int32_t index) {
    return ((int32_t(*)(int32_t))(uintptr_t)(uint32_t)index)(index);
}
EXPORT("grow") int32_t grow(int32_t pages) { return (int32_t)__builtin_wasm_memory_grow(0, (size_t)pages); }
EXPORT("hoard") int32_t hoard(int32_t size) {
    int32_t count = 0;
    for (char *block; (block = malloc((size_t)size)) != NULL; count++) memset(block, 1, (size_t)size);
    return count;
}
EXPORT("stop") int32_t stop(int32_t status) { exit(status); }
EXPORT("lie") uint64_t lie(uint32_t address, uint32_t length) {
    return (uint64_t)address << 32 | length;
}
static const char bad[] = {'a', (char)0xff, 'b'};
EXPORT("bad_text") uint64_t bad_text(void) { return packed(bad, sizeof bad); }
EXPORT("zero_text") uint64_t zero_text(void) { return packed("a\0b", 3); }
EXPORT("unterminated") uint32_t unterminated(void) {
    uint32_t last = (uint32_t)__builtin_wasm_memory_size(0) * 65536 - 1;
    *(volatile char *)(uintptr_t)last = 'x';
    return last;
}
static int32_t left_behind;
// What is changed before a trap is not there any more.
EXPORT("leave") int32_t leave(int32_t x) {
    left_behind += x;
    if (x > 100) __builtin_trap();
    return left_behind;
}
EXPORT("say") int32_t say(const char *text, uint32_t length) {
    host_notice(text, length);
    return 1;
}
EXPORT("complain") int32_t complain(const char *text, uint32_t length) {
    host_error(text, length);
    return 1;
}
EXPORT("say_wrong") int32_t say_wrong(int32_t address) {
    host_notice((const char *)(uintptr_t)(uint32_t)address, 1u << 30);
    return 1;
}
EXPORT("use_missing") int32_t use_missing(int32_t x) { return host_missing(x, 1); }
EXPORT("not/a name") int32_t not_a_name(int32_t x) { return x + 1; }
