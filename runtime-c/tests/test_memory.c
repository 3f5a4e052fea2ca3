// memory.grow and the reservation behind it.
#include <sys/mman.h>

#include "core/host_page.h"
#include "core/memory.h"
#include "support.h"

static const uint64_t reservation = 1 << 20;

static struct smelt_memory reserve(uint64_t byte_size, uint32_t page_size_log2, uint64_t maximum) {
    struct smelt_memory memory = {.byte_size = byte_size,
                                  .maximum_pages = maximum,
                                  .reserved_bytes = reservation,
                                  .page_size_log2 = page_size_log2};
    smelt_memory_reserve(&memory, 0);
    assert_non_null(memory.base);
    return memory;
}

static void release(struct smelt_memory *memory) {
    munmap(memory->base, memory->reserved_bytes);
}

static void grows_by_pages(void **state) {
    (void)state;
    struct smelt_memory memory = reserve(1 << 16, 16, 8);
    uint8_t *base = memory.base;
    base[0xffff] = 1;
    assert_int_equal(smelt_memory_grow(&memory, 2), 1);
    assert_ptr_equal(memory.base, base);
    assert_int_equal(memory.byte_size, 3 << 16);
    assert_int_equal(base[0xffff], 1);
    assert_int_equal(base[(3 << 16) - 1], 0);
    base[(3 << 16) - 1] = 2;
    assert_int_equal(smelt_memory_grow(&memory, 0), 3);
    release(&memory);
}

static void refuses_more_than_the_maximum(void **state) {
    (void)state;
    struct smelt_memory memory = reserve(1 << 16, 16, 4);
    assert_true(smelt_memory_grow(&memory, 4) == UINT64_MAX);
    assert_true(smelt_memory_grow(&memory, UINT64_MAX) == UINT64_MAX);
    assert_int_equal(memory.byte_size, 1 << 16);
    assert_int_equal(smelt_memory_grow(&memory, 3), 1);
    assert_true(smelt_memory_grow(&memory, 1) == UINT64_MAX);
    release(&memory);
}

static void refuses_more_than_the_reservation(void **state) {
    (void)state;
    struct smelt_memory memory = reserve(0, 16, UINT64_MAX);
    assert_true(smelt_memory_grow(&memory, 17) == UINT64_MAX);
    assert_true(smelt_memory_grow(&memory, UINT64_MAX) == UINT64_MAX);
    assert_int_equal(smelt_memory_grow(&memory, 16), 0);
    release(&memory);
}

// Pages of one byte: sizes need not be whole host pages.
static void grows_by_bytes(void **state) {
    (void)state;
    struct smelt_memory memory = reserve(10, 0, reservation);
    uint64_t page = smelt_host_page_size();
    for (uint64_t size = 10; size < 2 * page + 10; size++) {
        assert_int_equal(smelt_memory_grow(&memory, 1), size);
        memory.base[size] = 1;
    }
    assert_int_equal(memory.byte_size, 2 * page + 10);
    release(&memory);
}

static void touch_beyond(void *argument) {
    struct smelt_memory *memory = argument;
    *(volatile uint8_t *)(memory->base + memory->byte_size) = 1;
}

static void keeps_the_rest_without_access(void **state) {
    (void)state;
    char output[256];
    struct smelt_memory memory = reserve(1 << 16, 16, 4);
    assert_int_not_equal(run_in_child(touch_beyond, &memory, output, sizeof output), 0);
    release(&memory);
}

static void reserve_over_something(void *argument) {
    struct smelt_memory memory = {
        .base = argument, .reserved_bytes = reservation, .page_size_log2 = 16};
    smelt_memory_reserve(&memory, 0);
}

static void says_why_a_reservation_fails(void **state) {
    (void)state;
    char output[512];
    void *taken = mmap(NULL, reservation, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_int_equal(run_in_child(reserve_over_something, taken, output, sizeof output), 1);
    assert_non_null(strstr(output, "error: cannot reserve 1 MiB of address space"));
    munmap(taken, reservation);
}

static void reserve_as_told(void *argument) {
    struct smelt_memory memory = *(struct smelt_memory *)argument;
    smelt_memory_reserve(&memory, 0x10000);
}

// Numbers that do not fit together end the program before any of its code runs.
static void refuses_damaged_numbers(void **state) {
    (void)state;
    struct smelt_memory memories[] = {
        {.byte_size = 1 << 16, .reserved_bytes = (1 << 16) - 1},
        {.byte_size = 1, .reserved_bytes = UINT64_MAX},
        {.byte_size = UINT64_MAX, .reserved_bytes = UINT64_MAX},
        {.byte_size = 0, .reserved_bytes = SMELT_MEMORY_SIZE_MAXIMUM + UINT64_C(1)},
        {.byte_size = 1, .reserved_bytes = reservation, .flags = SMELT_MEMORY_GUARDED},
    };
    for (size_t index = 0; index < sizeof memories / sizeof *memories; index++) {
        char output[512];
        int status = run_in_child(reserve_as_told, &memories[index], output, sizeof output);
        assert_int_equal(status, 1);
        assert_non_null(strstr(output, "error: the program is damaged"));
    }
}

// The image may be mapped further than the memory reaches, with pages larger than the host's.
static void takes_an_image_with_large_pages(void **state) {
    (void)state;
    const uint64_t size = 1 << 16;
    uint8_t *image = mmap(NULL, reservation, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(image + size, reservation - size);
    mprotect(image, size, PROT_READ | PROT_WRITE);
    struct smelt_memory memory = {
        .base = image, .byte_size = 40000, .maximum_pages = 60000, .reserved_bytes = size};
    smelt_memory_reserve(&memory, size);
    assert_int_equal(smelt_memory_grow(&memory, 20000), 40000);
    memory.base[59999] = 1;
    assert_true(smelt_memory_grow(&memory, 1) == UINT64_MAX);
    munmap(image, size);
}

// Of a large memory only the beginning is mapped.
static void commits_what_the_image_leaves_out(void **state) {
    (void)state;
    const uint64_t mapped = 1 << 16;
    uint8_t *image = mmap(NULL, reservation, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(image + mapped, reservation - mapped);
    mprotect(image, mapped, PROT_READ | PROT_WRITE);
    struct smelt_memory memory = {
        .base = image, .byte_size = 3 << 16, .maximum_pages = 4, .reserved_bytes = reservation,
        .page_size_log2 = 16};
    smelt_memory_reserve(&memory, mapped);
    memory.base[(3 << 16) - 1] = 1;
    assert_int_equal(smelt_memory_grow(&memory, 1), 3);
    munmap(image, reservation);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commits_what_the_image_leaves_out),
        cmocka_unit_test(grows_by_pages),
        cmocka_unit_test(refuses_more_than_the_maximum),
        cmocka_unit_test(refuses_more_than_the_reservation),
        cmocka_unit_test(grows_by_bytes),
        cmocka_unit_test(keeps_the_rest_without_access),
        cmocka_unit_test(says_why_a_reservation_fails),
        cmocka_unit_test(refuses_damaged_numbers),
        cmocka_unit_test(takes_an_image_with_large_pages),
    };
    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
