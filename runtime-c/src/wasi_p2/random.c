// wasi:random. What need not be secure is as random.
#include "arena.h"
#include "host/random.h"
#include "smelt/component_functions.h"
#include "state.h"

static void fill(void *buffer, size_t length) {
    if (host_random(buffer, length) != 0) p2_fail("the system has no", "random numbers");
}

static uint32_t bytes(const struct smelt_context *context, uint64_t length) {
    uint32_t area_offset, offset;
    uint8_t *area = arena_result(context, 8, 4, &area_offset);
    fill(arena_new(context, length, 1, &offset), length);
    guest_store_u32(area, offset);
    guest_store_u32(area + 4, (uint32_t)length);
    return area_offset;
}

static uint64_t number(void) {
    uint64_t result;
    fill(&result, sizeof result);
    return result;
}

uint32_t smelt_p2_random_random_get_random_bytes(struct smelt_context *context, uint64_t length) {
    return bytes(context, length);
}

uint64_t smelt_p2_random_random_get_random_u64(struct smelt_context *context) {
    (void)context;
    return number();
}

uint32_t smelt_p2_random_insecure_get_insecure_random_bytes(struct smelt_context *context,
                                                            uint64_t length) {
    return bytes(context, length);
}

uint64_t smelt_p2_random_insecure_get_insecure_random_u64(struct smelt_context *context) {
    (void)context;
    return number();
}

uint32_t smelt_p2_random_insecure_seed_insecure_seed(struct smelt_context *context) {
    uint32_t offset;
    fill(arena_result(context, 16, 8, &offset), 16);
    return offset;
}
