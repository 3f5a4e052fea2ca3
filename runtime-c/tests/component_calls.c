// Calls of all functions of WASI 0.2; see component_calls.h.
#include "component_calls.h"

#include <setjmp.h>
#include <stdio.h>
#include <unistd.h>

static jmp_buf refused;
static bool is_calling;

// In place of the end of the program, where one of these calls is being made (wasi_p2/fail.c).
_Noreturn void p2_fail(const char *what, const char *which) {
    if (is_calling) longjmp(refused, 1);
    fprintf(stderr, "error: %s %s\n", what, which);
    _exit(1);
}

static uint8_t next_byte(struct call_bytes *bytes) {
    return bytes->position < bytes->end ? *bytes->position++ : 0;
}

// A number that may be a resource, an address, a length or a case; seldom anything.
static uint32_t next_number(struct component *component, struct call_bytes *bytes) {
    uint8_t kind = next_byte(bytes), low = next_byte(bytes);
    switch (kind % 8) {
    case 0:
    case 1:
    case 2: return 1 + low % (component->state.count + 1);
    case 3: return low % 4;
    case 4: return low;
    case 5: return ARENA_BEGIN + low * 8u;
    case 6: return (uint32_t)component->memory.byte_size - low;
    default: return 0u - low * 0x01010101u;
    }
}

static uint64_t next_long(struct component *component, struct call_bytes *bytes) {
    uint32_t low = next_number(component, bytes);
    return next_byte(bytes) < 240 ? low : UINT64_MAX - low;
}

static bool is_left_out(const char *name) {
    return strstr(name, "block") != NULL || strcmp(name, "poll") == 0 ||
           strncmp(name, "exit", 4) == 0;
}

static void call(struct component *component, struct call_bytes *bytes, unsigned number) {
    struct smelt_context *context = &component->context;
    unsigned row = 0;
#define ARGUMENT_i next_number(component, bytes)
#define ARGUMENT_I next_long(component, bytes)
#define ARGUMENT(letter) , ARGUMENT_##letter
#define ROW(symbol, result, count, letters, interface, name, type)                               \
    if (row++ == number && !is_left_out(name)) {                                                 \
        (void)smelt_p2_##symbol(context SMELT_FLAT_EACH(count, ARGUMENT, SMELT_FLAT_LIST letters)); \
        return;                                                                                  \
    }
    SMELT_COMPONENT_FUNCTIONS(ROW)
#undef ROW
}

bool component_call(struct component *component, struct call_bytes *bytes) {
    size_t count;
    smelt_component_functions(&count);
    unsigned number = next_byte(bytes) % (unsigned)count;
    is_calling = true;
    bool is_refused = setjmp(refused) != 0;
    if (!is_refused) call(component, bytes, number);
    is_calling = false;
    return is_refused;
}

void component_calls(struct component *component, const uint8_t *data, size_t size) {
    struct call_bytes bytes = {data, data + size};
    // Some of what arguments may point to.
    component_reset(component);
    uint32_t offset;
    uint8_t *content = arena_new(&component->context, 4096, 8, &offset);
    for (uint32_t index = 0; index < 4096; index++) content[index] = (uint8_t)(index % 251);
    memcpy(content, data, size < 2048 ? size : 2048);
    memcpy(content + 2048, "file\0dir\0link\0../outside/secret", 31);
    while (bytes.position < bytes.end) {
        component_call(component, &bytes);
        // As adapters do.
        if (guest_load_u32(component->memory.base) > (1u << 20)) {
            guest_store_u32(component->memory.base, ARENA_BEGIN + 4096);
        }
    }
}
