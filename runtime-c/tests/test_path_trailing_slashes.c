// Slashes at the end of paths.
#include "path_attack.h"

static void slashes_ask_for_directories(void **state) {
    struct guest *guest = *state;
    uint32_t fd;
    host_symlink(guest, "mine", "root/link");
    assert_int_equal(open_path(guest, "dir/", 0), WASI_SUCCESS);
    assert_int_equal(open_path(guest, "dir///", 0), WASI_SUCCESS);
    assert_int_equal(open_path(guest, "mine/", 0), WASI_NOTDIR);
    assert_int_equal(open_path(guest, "link/", 0), WASI_NOTDIR);
    assert_int_equal(stat_path(guest, "mine/", 0), WASI_NOTDIR);
    assert_int_equal(stat_path(guest, "link/", 0), WASI_NOTDIR);
    assert_int_equal(stat_path(guest, "none/", 0), WASI_NOENT);
    assert_int_equal(guest_open(guest, guest->root, "new/", 0, WASI_OFLAG_CREAT,
                                WASI_RIGHT_FD_WRITE, &fd), WASI_ISDIR);
    guest_put_text(guest, 0x100, "mine/");
    assert_int_equal(WASI(path_unlink_file)(&guest->context, guest->root, 0x100, 5), WASI_NOTDIR);
    guest_put_text(guest, 0x100, "made//");
    assert_int_equal(WASI(path_create_directory)(&guest->context, guest->root, 0x100, 6), 0);
    assert_int_equal(WASI(path_remove_directory)(&guest->context, guest->root, 0x100, 6), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PATH_TEST(slashes_ask_for_directories),
    };
    return RUN_PATH_TESTS("trailing slashes", tests);
}
