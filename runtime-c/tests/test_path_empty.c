// Empty paths, and empty links.
#include "path_attack.h"

static void means_nothing(void **state) {
    struct guest *guest = *state;
    struct smelt_context *context = &guest->context;
    uint32_t fd;
    assert_unreachable(guest, "", WASI_NOENT);
    assert_int_equal(guest_open(guest, guest->root, "", 0, WASI_OFLAG_CREAT, 0, &fd), WASI_NOENT);
    assert_int_equal(WASI(path_create_directory)(context, guest->root, 0x100, 0), WASI_NOENT);
    assert_int_equal(WASI(path_remove_directory)(context, guest->root, 0x100, 0), WASI_NOENT);
    assert_int_equal(WASI(path_unlink_file)(context, guest->root, 0x100, 0), WASI_NOENT);
    assert_int_equal(WASI(path_readlink)(context, guest->root, 0x100, 0, 0x20, 8, 0x30),
                     WASI_NOENT);
    guest_put_text(guest, 0x10, "mine");
    assert_int_equal(WASI(path_rename)(context, guest->root, 0x10, 4, guest->root, 0x100, 0),
                     WASI_NOENT);
    assert_int_equal(WASI(path_rename)(context, guest->root, 0x100, 0, guest->root, 0x10, 4),
                     WASI_NOENT);
    assert_int_equal(WASI(path_symlink)(context, 0x10, 4, guest->root, 0x100, 0), WASI_NOENT);
    assert_int_equal(WASI(path_symlink)(context, 0x100, 0, guest->root, 0x10, 4), WASI_NOENT);
    assert_int_equal(stat_path(guest, "mine", 0), WASI_SUCCESS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PATH_TEST(means_nothing),
    };
    return RUN_PATH_TESTS("empty", tests);
}
