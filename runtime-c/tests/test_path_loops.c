// Symbolic links that lead to themselves, or to ever longer paths.
#include "path_attack.h"

static void survives_link_loops(void **state) {
    struct guest *guest = *state;
    host_symlink(guest, "self", "root/self");
    host_symlink(guest, "b", "root/a");
    host_symlink(guest, "a", "root/b");
    host_symlink(guest, "grow/x", "root/grow");
    static const char *const loops[] = {"self", "a", "self/x", "a/x", "grow", "grow/y", "self/"};
    for (size_t index = 0; index < sizeof loops / sizeof loops[0]; index++) {
        assert_int_equal(open_path(guest, loops[index], WASI_LOOKUP_SYMLINK_FOLLOW), WASI_LOOP);
        assert_int_equal(stat_path(guest, loops[index], WASI_LOOKUP_SYMLINK_FOLLOW), WASI_LOOP);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PATH_TEST(survives_link_loops),
    };
    return RUN_PATH_TESTS("loops", tests);
}
