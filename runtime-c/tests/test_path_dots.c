// Components that are "." and slashes in a row: they lead nowhere, and nowhere else.
#include "path_attack.h"

static void lead_nowhere(void **state) {
    struct guest *guest = *state;
    static const char *const same[] = {"./mine", "././mine", ".//mine", "dir/.//.././mine",
                                       "./dir/./deep/./../.././mine"};
    for (size_t index = 0; index < sizeof same / sizeof same[0]; index++) {
        assert_int_equal(open_path(guest, same[index], 0), WASI_SUCCESS);
        assert_int_equal(stat_path(guest, same[index], 0), WASI_SUCCESS);
    }
    static const char *const directory[] = {".", "./", "././.", ".//", "dir/..", "dir/../."};
    for (size_t index = 0; index < sizeof directory / sizeof directory[0]; index++) {
        assert_int_equal(open_path(guest, directory[index], 0), WASI_SUCCESS);
        assert_int_equal(stat_path(guest, directory[index], 0), WASI_SUCCESS);
        assert_int_equal(guest->memory.base[0x40 + WASI_FILESTAT_FILETYPE],
                         WASI_FILETYPE_DIRECTORY);
    }
    assert_int_equal(open_path(guest, "mine/.", 0), WASI_NOTDIR);
    assert_int_equal(open_path(guest, "none/.", 0), WASI_NOENT);
    assert_unreachable(guest, "./../outside/secret", WASI_PERM);
    assert_unreachable(guest, ".././outside/secret", WASI_PERM);
    assert_unreachable(guest, "dir/././../../outside/./secret", WASI_PERM);
}

// Operations on entries must not take the directory for one of its entries.
static void cannot_remove_the_directory_itself(void **state) {
    struct guest *guest = *state;
    struct smelt_context *context = &guest->context;
    char path[PATH_MAX];
    struct stat status;
    static const char *const names[] = {".", "./", "dir/..", "dir/../", "./."};
    guest_put_text(guest, 0x10, "name");
    for (size_t index = 0; index < sizeof names / sizeof names[0]; index++) {
        const uint32_t length = (uint32_t)strlen(names[index]);
        guest_put_text(guest, 0x100, names[index]);
        assert_int_not_equal(WASI(path_remove_directory)(context, guest->root, 0x100, length), 0);
        assert_int_not_equal(WASI(path_unlink_file)(context, guest->root, 0x100, length), 0);
        assert_int_not_equal(WASI(path_create_directory)(context, guest->root, 0x100, length), 0);
        assert_int_not_equal(
            WASI(path_rename)(context, guest->root, 0x100, length, guest->root, 0x10, 4), 0);
        assert_int_not_equal(
            WASI(path_rename)(context, guest->root, 0x10, 4, guest->root, 0x100, length), 0);
    }
    host_path(guest, "root/mine", path);
    assert_int_equal(stat(path, &status), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PATH_TEST(lead_nowhere),
        PATH_TEST(cannot_remove_the_directory_itself),
    };
    return RUN_PATH_TESTS("dots", tests);
}
