// Defines what object.wat imports, and calls what it exports.
#include <stdio.h>
#include <sys/mman.h>

#include "smelt/abi.h"

struct smelt_context smelt_context;
struct smelt_memory memory __asm__("smelt_import$$env$$memory");
struct smelt_table table __asm__("smelt_import$$env$$table");
struct { int32_t value __attribute__((aligned(16))); } base __asm__("smelt_import$$env$$base") = {100};
struct { int32_t value __attribute__((aligned(16))); } stack __asm__("smelt_import$$env$$sp") = {4096};

int32_t log_value(struct smelt_context *context, int32_t value) __asm__("smelt_import$$env$2ex$$lo$2dg");
void two(struct smelt_context *context, int64_t value, union smelt_value *results) __asm__(
    "smelt_import$$env$$two");
int32_t load(int32_t) __asm__("smelt_export$$load");
int32_t second(int32_t) __asm__("smelt_export$$second");
int32_t push(int32_t) __asm__("smelt_export$$push");
void pair(int64_t, union smelt_value *) __asm__("smelt_export$$a$2epair");

int32_t log_value(struct smelt_context *context, int32_t value) {
    printf("log %d %d\n", value, context == &smelt_context);
    return value + 1;
}

void two(struct smelt_context *context, int64_t value, union smelt_value *results) {
    (void)context;
    double half = (double)value / 2;
    results[0].i32 = (uint32_t)value;
    __builtin_memcpy(&results[1].f64, &half, sizeof half);
}

static void *reserve(uint64_t bytes) {
    return mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

int main(void) {
    static void *elements[4];
    memory = (struct smelt_memory){reserve(SMELT_GUARDED_RESERVATION), 65536, 10,
                                   SMELT_GUARDED_RESERVATION, 16, SMELT_MEMORY_GUARDED};
    mprotect(memory.base, 65536, PROT_READ | PROT_WRITE);
    table = (struct smelt_table){elements, 4, 4, 0};
    // What the start of an executable does for the memories of the program.
    for (uint64_t index = 0; index < smelt_program.memory_count; index++) {
        struct smelt_memory *own = smelt_program.memories[index];
        own->base = reserve(own->reserved_bytes);
        mprotect(own->base, own->byte_size, PROT_READ | PROT_WRITE);
    }
    smelt_program.start();
    // A function that is called through the table, by the index that its segment has.
    printf("%c %c %d %d\n", load(104), second(3), elements[3] == NULL, elements[0] == NULL);
    int32_t pushed = push(3);
    printf("%d %d %d\n", pushed, stack.value, *(int32_t *)(memory.base + 4080));
    union smelt_value results[2];
    pair(7, results);
    double half;
    __builtin_memcpy(&half, &results[0].f64, sizeof half);
    printf("%g %d\n", half, results[1].i32);
    return 0;
}
