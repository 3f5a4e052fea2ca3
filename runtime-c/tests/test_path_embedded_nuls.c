// Zero bytes in paths: what the kernel would take for the end of the path is not its end.
#include "path_attack.h"

static void are_refused(void **state) {
    struct guest *guest = *state;
    struct smelt_context *context = &guest->context;
    static const char paths[][8] = {"mine\0x", "mine\0\0", "\0mine\0", "mine\0/."};
    guest_put_text(guest, 0x10, "mine");
    for (size_t index = 0; index < sizeof paths / sizeof paths[0]; index++) {
        guest_put(guest, 0x100, paths[index], 6);
        uint32_t root = guest->root;
        assert_int_equal(WASI(path_filestat_get)(context, root, 0, 0x100, 6, 0x40), WASI_INVAL);
        assert_int_equal(WASI(path_filestat_get)(context, root, 1, 0x100, 6, 0x40), WASI_INVAL);
        assert_int_equal(WASI(path_open)(context, root, 0, 0x100, 6, 0, 0, 0, 0, 0x40), WASI_INVAL);
        assert_int_equal(WASI(path_unlink_file)(context, root, 0x100, 6), WASI_INVAL);
        assert_int_equal(WASI(path_create_directory)(context, root, 0x100, 6), WASI_INVAL);
        assert_int_equal(WASI(path_remove_directory)(context, root, 0x100, 6), WASI_INVAL);
        assert_int_equal(WASI(path_rename)(context, root, 0x100, 6, root, 0x10, 4), WASI_INVAL);
        assert_int_equal(WASI(path_rename)(context, root, 0x10, 4, root, 0x100, 6), WASI_INVAL);
        assert_int_equal(WASI(path_link)(context, root, 0, 0x10, 4, root, 0x100, 6), WASI_INVAL);
        assert_int_equal(WASI(path_link)(context, root, 0, 0x100, 6, root, 0x10, 4), WASI_INVAL);
        assert_int_equal(WASI(path_symlink)(context, 0x10, 4, root, 0x100, 6), WASI_INVAL);
        assert_int_equal(WASI(path_symlink)(context, 0x100, 6, root, 0x10, 4), WASI_INVAL);
        assert_int_equal(WASI(path_readlink)(context, root, 0x100, 6, 0x20, 8, 0x30), WASI_INVAL);
    }
    assert_int_equal(stat_path(guest, "mine", 0), WASI_SUCCESS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PATH_TEST(are_refused),
    };
    return RUN_PATH_TESTS("embedded nuls", tests);
}
