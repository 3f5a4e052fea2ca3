// Names and paths that are too long, as they are and by links.
#include "path_attack.h"

static void are_refused(void **state) {
    struct guest *guest = *state;
    struct smelt_context *context = &guest->context;
    memset(guest->memory.base + 0x1000, 'a', 0x8000);
    assert_int_equal(WASI(path_filestat_get)(context, guest->root, 0, 0x1000, 256, 0),
                     WASI_NAMETOOLONG);
    assert_int_equal(WASI(path_filestat_get)(context, guest->root, 0, 0x1000, 0x8000, 0),
                     WASI_NAMETOOLONG);
    assert_int_equal(WASI(path_filestat_get)(context, guest->root, 0, 0x1000, 255, 0), WASI_NOENT);
    for (uint32_t offset = 1; offset < 4095; offset += 2) guest->memory.base[0x1000 + offset] = '/';
    assert_int_equal(WASI(path_filestat_get)(context, guest->root, 0, 0x1000, 4095, 0),
                     WASI_NOENT);
    for (uint32_t offset = 0; offset < 4095; offset += 2) guest->memory.base[0x1000 + offset] = '.';
    assert_int_equal(WASI(path_filestat_get)(context, guest->root, 0, 0x1000, 4095, 0), 0);
}

// Links that make a path longer than any may be.
static void cannot_be_made_by_links(void **state) {
    struct guest *guest = *state;
    char target[PATH_MAX];
    memset(target, 0, sizeof target);
    for (size_t length = 0; length + 2 < 4000; length += 2) memcpy(target + length, "./", 2);
    strcat(target, "dir");
    host_symlink(guest, target, "root/long");
    char path[300] = "long/";
    memset(path + 5, 'b', 200);
    assert_int_equal(stat_path(guest, "long/deep/file", 0), WASI_SUCCESS);
    uint32_t error = stat_path(guest, path, 0);
    assert_true(error == WASI_NOENT || error == WASI_NAMETOOLONG);
}

static void are_refused_when_created(void **state) {
    struct guest *guest = *state;
    struct smelt_context *context = &guest->context;
    memset(guest->memory.base + 0x1000, 'a', 256);
    guest_put_text(guest, 0x10, "mine");
    assert_int_equal(WASI(path_create_directory)(context, guest->root, 0x1000, 256),
                     WASI_NAMETOOLONG);
    assert_int_equal(WASI(path_rename)(context, guest->root, 0x10, 4, guest->root, 0x1000, 256),
                     WASI_NAMETOOLONG);
    assert_int_equal(WASI(path_create_directory)(context, guest->root, 0x1000, 255), 0);
    assert_int_equal(WASI(path_symlink)(context, 0x1000, 5000, guest->root, 0x10, 4),
                     WASI_NAMETOOLONG);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PATH_TEST(are_refused),
        PATH_TEST(cannot_be_made_by_links),
        PATH_TEST(are_refused_when_created),
    };
    return RUN_PATH_TESTS("long names", tests);
}
