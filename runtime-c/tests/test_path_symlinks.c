// Leaving the granted directory by symbolic links, on the way and at the end of paths; links that
// stay inside work.
#include "path_attack.h"

static void cannot_leave_by_links(void **state) {
    struct guest *guest = *state;
    char outside[PATH_MAX];
    host_path(guest, "outside", outside);
    host_symlink(guest, outside, "root/absolute");
    host_symlink(guest, "../outside", "root/relative");
    host_symlink(guest, "../outside/secret", "root/file-link");
    host_symlink(guest, "dir/up", "root/chain");
    host_symlink(guest, "../../outside", "root/dir/up");
    host_symlink(guest, "..", "root/parent");
    host_symlink(guest, "../outside/new", "root/dangling");
    static const char *const directories[] = {"absolute", "relative", "chain", "dir/up"};
    char path[PATH_MAX];
    for (size_t index = 0; index < sizeof directories / sizeof directories[0]; index++) {
        snprintf(path, sizeof path, "%s/secret", directories[index]);
        assert_unreachable(guest, path, WASI_PERM);
        assert_unchangeable(guest, path, WASI_PERM);
        assert_unreachable(guest, directories[index], WASI_PERM);
        snprintf(path, sizeof path, "%s/", directories[index]);
        assert_unreachable(guest, path, WASI_PERM);
        assert_int_equal(stat_path(guest, path, 0), WASI_PERM);
        assert_int_equal(open_path(guest, path, 0), WASI_PERM);
        snprintf(path, sizeof path, "%s/..", directories[index]);
        assert_int_equal(stat_path(guest, path, 0), WASI_PERM);
    }
    assert_unreachable(guest, "file-link", WASI_PERM);
    assert_unreachable(guest, "dangling", WASI_PERM);
    assert_unreachable(guest, "parent/outside/secret", WASI_PERM);
    assert_unchangeable(guest, "parent/outside/secret", WASI_PERM);
}

// With a slash behind a link's name, operations on entries must not reach through it either.
static void cannot_change_through_links_with_slashes(void **state) {
    struct guest *guest = *state;
    host_symlink(guest, "../outside", "root/out");
    host_symlink(guest, "../outside/new", "root/new");
    struct smelt_context *context = &guest->context;
    guest_put_text(guest, 0x100, "out/");
    guest_put_text(guest, 0x110, "new/");
    guest_put_text(guest, 0x120, "dir");
    guest_put_text(guest, 0x130, "mine");
    assert_int_not_equal(WASI(path_create_directory)(context, guest->root, 0x110, 4), 0);
    assert_int_not_equal(WASI(path_remove_directory)(context, guest->root, 0x100, 4), 0);
    assert_int_not_equal(WASI(path_unlink_file)(context, guest->root, 0x100, 4), 0);
    assert_int_not_equal(
        WASI(path_rename)(context, guest->root, 0x120, 3, guest->root, 0x110, 4), 0);
    assert_int_not_equal(
        WASI(path_rename)(context, guest->root, 0x100, 4, guest->root, 0x130, 4), 0);
    assert_int_not_equal(WASI(path_symlink)(context, 0x120, 3, guest->root, 0x110, 4), 0);
    assert_int_not_equal(
        WASI(path_link)(context, guest->root, 0, 0x130, 4, guest->root, 0x110, 4), 0);
    char path[PATH_MAX];
    struct stat status;
    host_path(guest, "outside/new", path);
    assert_int_equal(lstat(path, &status), -1);
    host_path(guest, "outside/secret", path);
    assert_int_equal(lstat(path, &status), 0);
    host_path(guest, "root/dir", path);
    assert_int_equal(lstat(path, &status), 0);
}

static void follows_links_inside(void **state) {
    struct guest *guest = *state;
    host_symlink(guest, "dir/deep/file", "root/link");
    host_symlink(guest, "../mine", "root/dir/back");
    host_symlink(guest, "deep", "root/dir/alias");
    host_symlink(guest, "link", "root/link2");
    host_symlink(guest, "dir/./deep//../deep/./file", "root/odd");
    const uint32_t follow = WASI_LOOKUP_SYMLINK_FOLLOW;
    static const char *const links[] = {"link", "dir/back", "link2", "odd"};
    for (size_t index = 0; index < sizeof links / sizeof links[0]; index++) {
        assert_int_equal(open_path(guest, links[index], follow), WASI_SUCCESS);
        assert_int_equal(open_path(guest, links[index], 0), WASI_LOOP);
        assert_int_equal(stat_path(guest, links[index], follow), WASI_SUCCESS);
        assert_int_equal(guest->memory.base[0x40 + WASI_FILESTAT_FILETYPE],
                         WASI_FILETYPE_REGULAR_FILE);
        assert_int_equal(stat_path(guest, links[index], 0), WASI_SUCCESS);
        assert_int_equal(guest->memory.base[0x40 + WASI_FILESTAT_FILETYPE],
                         WASI_FILETYPE_SYMBOLIC_LINK);
    }
    assert_int_equal(open_path(guest, "dir/alias/file", 0), WASI_SUCCESS);
    assert_int_equal(open_path(guest, "dir/alias/../back", follow), WASI_SUCCESS);
    assert_int_equal(stat_path(guest, "dir/alias/", 0), WASI_SUCCESS);
    assert_int_equal(guest->memory.base[0x40 + WASI_FILESTAT_FILETYPE], WASI_FILETYPE_DIRECTORY);
}

static void creates_through_links_inside(void **state) {
    struct guest *guest = *state;
    uint32_t fd;
    host_symlink(guest, "dir/created", "root/link");
    const uint32_t follow = WASI_LOOKUP_SYMLINK_FOLLOW;
    assert_int_equal(guest_open(guest, guest->root, "link", follow,
                                WASI_OFLAG_CREAT | WASI_OFLAG_EXCL, WASI_RIGHT_FD_WRITE, &fd),
                     WASI_EXIST);
    assert_int_equal(guest_open(guest, guest->root, "link", follow, WASI_OFLAG_CREAT,
                                WASI_RIGHT_FD_WRITE, &fd), WASI_SUCCESS);
    assert_int_equal(open_path(guest, "dir/created", 0), WASI_SUCCESS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PATH_TEST(cannot_leave_by_links),
        PATH_TEST(cannot_change_through_links_with_slashes),
        PATH_TEST(follows_links_inside),
        PATH_TEST(creates_through_links_inside),
    };
    return RUN_PATH_TESTS("symlinks", tests);
}
