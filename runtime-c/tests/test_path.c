// Paths beyond the single attacks (test_path_*.c): whose descriptor they start from, and that nothing
// stays behind.
#include "path_attack.h"

static void checks_the_descriptor(void **state) {
    struct guest *guest = *state;
    uint32_t fd;
    assert_int_equal(guest_open(guest, guest->root, "mine", 0, 0, WASI_RIGHT_FD_READ, &fd), 0);
    uint32_t file = fd;
    assert_int_equal(guest_open(guest, file, "mine", 0, 0, 0, &fd), WASI_NOTDIR);
    assert_int_equal(guest_open(guest, 77, "mine", 0, 0, 0, &fd), WASI_BADF);
    assert_int_equal(guest_open(guest, UINT32_MAX, "mine", 0, 0, 0, &fd), WASI_BADF);
    assert_int_equal(WASI(fd_fdstat_set_rights)(&guest->context, guest->root,
                                                WASI_RIGHT_PATH_FILESTAT_GET, 0), 0);
    assert_int_equal(stat_path(guest, "mine", 0), WASI_SUCCESS);
    assert_int_equal(guest_open(guest, guest->root, "mine", 0, 0, 0, &fd), WASI_NOTCAPABLE);
    guest_put_text(guest, 0x100, "mine");
    assert_int_equal(WASI(path_unlink_file)(&guest->context, guest->root, 0x100, 4),
                     WASI_NOTCAPABLE);
}

// No host descriptor may stay behind, whatever the outcome, but those of kept directories.
static void leaks_no_descriptors(void **state) {
    struct guest *guest = *state;
    host_symlink(guest, "../outside", "root/out");
    host_symlink(guest, "dir/deep", "root/in");
    int before = dup(0);
    close(before);
    static const char *const paths[] = {"../x",        "dir/../../x",      "out/secret", "in/file",
                                        "in/../deep/", "dir/deep/../none", "mine/x",     "in"};
    for (size_t index = 0; index < sizeof paths / sizeof paths[0]; index++) {
        open_path(guest, paths[index], WASI_LOOKUP_SYMLINK_FOLLOW);
        open_path(guest, paths[index], 0);
        stat_path(guest, paths[index], WASI_LOOKUP_SYMLINK_FOLLOW);
        guest_put_text(guest, 0x100, paths[index]);
        uint32_t length = (uint32_t)strlen(paths[index]);
        WASI(path_rename)(&guest->context, guest->root, 0x100, length, guest->root, 0x100, length);
    }
    kept_directories_close(&guest->state.host.kept);
    int after = dup(0);
    close(after);
    assert_int_equal(after, before);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PATH_TEST(checks_the_descriptor),
        PATH_TEST(leaks_no_descriptors),
    };
    return RUN_PATH_TESTS("descriptors", tests);
}
