// wasi_unstable: the four functions whose structures differ, by their results in memory.
#include "support.h"

#define OLD(name) smelt_wasi_unstable_##name

static uint32_t open_file(struct guest *guest) {
    uint32_t fd;
    const uint64_t rights = WASI_RIGHTS_FILE;
    assert_int_equal(guest_open(guest, guest->root, "file", 0, 0, rights, &fd), 0);
    return fd;
}

static void seeks(void **state) {
    struct guest *guest = *state;
    struct smelt_context *context = &guest->context;
    uint32_t fd = open_file(guest);
    assert_int_equal(OLD(fd_seek)(context, fd, 3, WASI_UNSTABLE_WHENCE_SET, 0x10), 0);
    assert_int_equal(guest_get_u64(guest, 0x10), 3);
    assert_int_equal(OLD(fd_seek)(context, fd, 1, WASI_UNSTABLE_WHENCE_CUR, 0x10), 0);
    assert_int_equal(guest_get_u64(guest, 0x10), 4);
    assert_int_equal(OLD(fd_seek)(context, fd, 0, WASI_UNSTABLE_WHENCE_END, 0x10), 0);
    assert_int_equal(guest_get_u64(guest, 0x10), 7);
    assert_int_equal(OLD(fd_seek)(context, fd, 0, 3, 0x10), WASI_INVAL);
}

static void tells_attributes(void **state) {
    struct guest *guest = *state;
    uint32_t fd = open_file(guest);
    memset(guest->memory.base + 0x100, 0xee, 128);
    assert_int_equal(WASI(fd_filestat_get)(&guest->context, fd, 0x200), 0);
    assert_int_equal(OLD(fd_filestat_get)(&guest->context, fd, 0x100), 0);
    guest_put_text(guest, 0x10, "file");
    const uint8_t *new = guest->memory.base + 0x200, *old = guest->memory.base + 0x100;
    for (int round = 0; round < 2; round++) {
        assert_memory_equal(old, new, 17);  // dev, ino, filetype
        assert_int_equal(guest_load_u32(old + 20), 1);
        assert_int_equal(guest_load_u64(old + 24), 7);
        assert_memory_equal(old + 32, new + 40, 24);  // the times
        assert_int_equal(old[56], 0xee);              // and no byte more
        assert_int_equal(
            OLD(path_filestat_get)(&guest->context, guest->root, 0, 0x10, 4, 0x100), 0);
    }
}

static void polls(void **state) {
    struct guest *guest = *state;
    uint32_t fd = open_file(guest);
    uint8_t *first = guest->memory.base + 0x100, *second = first + 56;
    memset(first, 0, 112);
    guest_store_u64(first, 11);
    guest_store_u64(first + 16, 99);  // the clock's identifier, which means nothing
    guest_store_u32(first + 24, WASI_CLOCK_MONOTONIC);
    guest_store_u64(first + 32, UINT64_MAX);
    guest_store_u64(second, 12);
    second[8] = WASI_EVENTTYPE_FD_READ;
    guest_store_u32(second + 16, fd);
    assert_int_equal(OLD(poll_oneoff)(&guest->context, 0x100, 0x300, 2, 0x10), 0);
    assert_int_equal(guest_get_u32(guest, 0x10), 1);
    assert_int_equal(guest_get_u64(guest, 0x300), 12);
    assert_int_equal(guest_get_u64(guest, 0x310), 7);
    guest_store_u64(first + 32, 1);
    guest_store_u32(first + 48, WASI_SUBCLOCK_ABSTIME);
    assert_int_equal(OLD(poll_oneoff)(&guest->context, 0x100, 0x300, 1, 0x10), 0);
    assert_int_equal(guest_get_u64(guest, 0x300), 11);
}

static int setup(void **state) {
    struct guest *guest = guest_create();
    host_write(guest, "root/file", "content");
    *state = guest;
    return 0;
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, guest_teardown)
    const struct CMUnitTest tests[] = {TEST(seeks), TEST(tells_attributes), TEST(polls)};
    return cmocka_run_group_tests_name("wasi_unstable", tests, NULL, NULL);
}
