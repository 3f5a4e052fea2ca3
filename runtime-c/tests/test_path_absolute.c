// Leaving the granted directory by an absolute path, or by a link that has one.
#include "path_attack.h"

static void cannot_use_absolute_paths(void **state) {
    struct guest *guest = *state;
    char secret[PATH_MAX];
    host_path(guest, "outside/secret", secret);
    assert_unreachable(guest, secret, WASI_PERM);
    assert_unchangeable(guest, secret, WASI_PERM);
    assert_unreachable(guest, "/", WASI_PERM);
    assert_unreachable(guest, "//mine", WASI_PERM);
}

static void cannot_make_links_that_lead_out_absolutely(void **state) {
    struct guest *guest = *state;
    guest_put_text(guest, 0x100, "/etc/passwd");
    guest_put_text(guest, 0x10, "new");
    assert_int_equal(WASI(path_symlink)(&guest->context, 0x100, 11, guest->root, 0x10, 3),
                     WASI_PERM);
    assert_int_equal(WASI(path_symlink)(&guest->context, 0x100, 0, guest->root, 0x10, 3),
                     WASI_NOENT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PATH_TEST(cannot_use_absolute_paths),
        PATH_TEST(cannot_make_links_that_lead_out_absolutely),
    };
    return RUN_PATH_TESTS("absolute", tests);
}
