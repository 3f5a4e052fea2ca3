// Leaving the granted directory by "..".
#include "path_attack.h"

static void cannot_leave_by_dots(void **state) {
    struct guest *guest = *state;
    static const char *const paths[] = {
        "../outside/secret", "../root/mine", "./../outside/secret", "dir/../../outside/secret",
        "dir/./..//../outside/secret", "dir/../dir/../../outside/secret", "../../../../etc/passwd",
    };
    for (size_t index = 0; index < sizeof paths / sizeof paths[0]; index++) {
        assert_unreachable(guest, paths[index], WASI_PERM);
        assert_unchangeable(guest, paths[index], WASI_PERM);
    }
    assert_int_equal(open_path(guest, "..", 0), WASI_PERM);
    assert_int_equal(open_path(guest, "../", 0), WASI_PERM);
    assert_int_equal(open_path(guest, "dir/../..", 0), WASI_PERM);
    assert_int_equal(stat_path(guest, "dir/../..", 0), WASI_PERM);
    assert_unchangeable(guest, "..", WASI_PERM);
}

static void may_use_dots_inside(void **state) {
    struct guest *guest = *state;
    assert_int_equal(open_path(guest, "dir/../mine", 0), WASI_SUCCESS);
    assert_int_equal(open_path(guest, "dir/deep/../../dir/deep/../deep/file", 0), WASI_SUCCESS);
    assert_int_equal(open_path(guest, ".//dir/.//deep///file", 0), WASI_SUCCESS);
    assert_int_equal(stat_path(guest, "dir/..", 0), WASI_SUCCESS);
    assert_int_equal(stat_path(guest, ".", 0), WASI_SUCCESS);
    assert_int_equal(open_path(guest, "none/../mine", 0), WASI_NOENT);
    assert_int_equal(open_path(guest, "mine/../mine", 0), WASI_NOTDIR);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PATH_TEST(cannot_leave_by_dots),
        PATH_TEST(may_use_dots_inside),
    };
    return RUN_PATH_TESTS("parent", tests);
}
