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

static uint32_t read_link(struct guest *guest, const char *path) {
    guest_put_text(guest, 0x100, path);
    return WASI(path_readlink)(&guest->context, guest->root, 0x100, (uint32_t)strlen(path), 0x200,
                               100, 0x40);
}

static void slashes_of_links(void **state) {
    struct guest *guest = *state;
    host_symlink(guest, "mine", "root/link");
    host_symlink(guest, "dir", "root/folder");
    assert_int_equal(read_link(guest, "link"), WASI_SUCCESS);
    assert_int_equal(read_link(guest, "mine"), WASI_INVAL);
    assert_int_equal(read_link(guest, "mine/"), WASI_NOTDIR);
    assert_int_equal(read_link(guest, "link/"), WASI_NOTDIR);
    assert_int_equal(read_link(guest, "dir/"), WASI_INVAL);
    assert_int_equal(read_link(guest, "folder/"), WASI_INVAL);
    assert_int_equal(read_link(guest, "none/"), WASI_NOENT);
}

// What a link says may end in a slash, too: opening never creates a directory.
static void creating_through_links(void **state) {
    struct guest *guest = *state;
    const char *const targets[] = {"mine/", "none/", "dir/", "./mine/"};
    for (size_t index = 0; index < sizeof targets / sizeof targets[0]; index++) {
        uint32_t fd;
        char name[] = "root/link0";
        name[9] = (char)('0' + index);
        host_symlink(guest, targets[index], name);
        assert_int_equal(guest_open(guest, guest->root, name + 5, WASI_LOOKUP_SYMLINK_FOLLOW,
                                    WASI_OFLAG_CREAT, WASI_RIGHT_FD_WRITE, &fd), WASI_ISDIR);
        assert_int_equal(stat_path(guest, "none", 0), WASI_NOENT);
    }
}

static uint32_t link_from(struct guest *guest, const char *path) {
    guest_put_text(guest, 0x100, path);
    guest_put_text(guest, 0x80, "new");
    return WASI(path_link)(&guest->context, guest->root, 0, 0x100, (uint32_t)strlen(path),
                           guest->root, 0x80, 3);
}

static void directories_cannot_be_linked(void **state) {
    struct guest *guest = *state;
    assert_int_equal(link_from(guest, "dir"), WASI_PERM);
    assert_int_equal(link_from(guest, "dir/"), WASI_PERM);
    assert_int_equal(link_from(guest, "."), WASI_PERM);
    assert_int_equal(link_from(guest, "dir/.."), WASI_PERM);
    assert_int_equal(link_from(guest, "mine/"), WASI_NOTDIR);
    assert_int_equal(link_from(guest, "none/"), WASI_NOENT);
    assert_int_equal(link_from(guest, "mine"), WASI_SUCCESS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PATH_TEST(slashes_ask_for_directories),
        PATH_TEST(slashes_of_links),
        PATH_TEST(creating_through_links),
        PATH_TEST(directories_cannot_be_linked),
    };
    return RUN_PATH_TESTS("trailing slashes", tests);
}
