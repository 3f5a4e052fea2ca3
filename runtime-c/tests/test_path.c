// THE SANDBOX, attacked. Every test runs twice: with openat2 and with the walk.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support.h"

static uint32_t open_path(struct guest *guest, const char *path, uint32_t lookup_flags) {
    uint32_t fd;
    uint32_t error = guest_open(guest, guest->root, path, lookup_flags, 0, WASI_RIGHT_FD_READ, &fd);
    if (error == WASI_SUCCESS) assert_int_equal(WASI(fd_close)(&guest->context, fd), 0);
    return error;
}

static uint32_t stat_path(struct guest *guest, const char *path, uint32_t lookup_flags) {
    guest_put_text(guest, 0x100, path);
    return WASI(path_filestat_get)(&guest->context, guest->root, lookup_flags, 0x100,
                                   (uint32_t)strlen(path), 0x40);
}

// Reads the path as every kind of operation that follows links would.
static void assert_unreachable(struct guest *guest, const char *path, uint32_t expected) {
    const uint32_t length = (uint32_t)strlen(path);
    const uint32_t follow = WASI_LOOKUP_SYMLINK_FOLLOW;
    struct smelt_context *context = &guest->context;
    uint32_t fd;
    guest_put_text(guest, 0x100, path);
    guest_put_text(guest, 0x10, "mine");
    assert_int_equal(open_path(guest, path, follow), expected);
    const bool has_slash = path[0] != '/' && path[length - 1] == '/';
    const uint32_t created = has_slash ? WASI_ISDIR : expected;
    assert_int_equal(guest_open(guest, guest->root, path, follow, WASI_OFLAG_CREAT,
                                WASI_RIGHT_FD_WRITE, &fd), created);
    assert_int_equal(guest_open(guest, guest->root, path, follow, WASI_OFLAG_TRUNC, 0, &fd),
                     expected);
    guest_put_text(guest, 0x100, path);
    assert_int_equal(stat_path(guest, path, follow), expected);
    assert_int_equal(WASI(path_filestat_set_times)(context, guest->root, follow, 0x100, length, 1,
                                                   1, WASI_FSTFLAG_MTIM), expected);
    assert_int_equal(WASI(path_link)(context, guest->root, follow, 0x100, length, guest->root,
                                     0x10, 4), expected);
}

// Tries to change what the path leads to, by every operation on directory entries.
static void assert_unchangeable(struct guest *guest, const char *path, uint32_t expected) {
    const uint32_t length = (uint32_t)strlen(path);
    struct smelt_context *context = &guest->context;
    guest_put_text(guest, 0x100, path);
    guest_put_text(guest, 0x10, "mine");
    assert_int_equal(WASI(path_create_directory)(context, guest->root, 0x100, length), expected);
    assert_int_equal(WASI(path_remove_directory)(context, guest->root, 0x100, length), expected);
    assert_int_equal(WASI(path_unlink_file)(context, guest->root, 0x100, length), expected);
    assert_int_equal(WASI(path_symlink)(context, 0x10, 4, guest->root, 0x100, length), expected);
    assert_int_equal(WASI(path_rename)(context, guest->root, 0x10, 4, guest->root, 0x100, length),
                     expected);
    assert_int_equal(WASI(path_rename)(context, guest->root, 0x100, length, guest->root, 0x10, 4),
                     expected);
    assert_int_equal(WASI(path_link)(context, guest->root, 0, 0x10, 4, guest->root, 0x100, length),
                     expected);
    assert_int_equal(WASI(path_readlink)(context, guest->root, 0x100, length, 0x20, 8, 0x30),
                     expected);
}

static void cannot_leave_by_dots(void **state) {
    struct guest *guest = *state;
    static const char *const paths[] = {
        "../outside/secret", "../root/mine", "./../outside/secret", "dir/../../outside/secret",
        "dir/./..//../outside/secret", "dir/../dir/../../outside/secret", "../../../../etc/passwd",
    };
    for (size_t index = 0; index < sizeof paths / sizeof paths[0]; index++) {
        assert_unreachable(guest, paths[index], WASI_NOTCAPABLE);
        assert_unchangeable(guest, paths[index], WASI_NOTCAPABLE);
    }
    assert_int_equal(open_path(guest, "..", 0), WASI_NOTCAPABLE);
    assert_int_equal(open_path(guest, "../", 0), WASI_NOTCAPABLE);
    assert_int_equal(open_path(guest, "dir/../..", 0), WASI_NOTCAPABLE);
    assert_int_equal(stat_path(guest, "dir/../..", 0), WASI_NOTCAPABLE);
    assert_unchangeable(guest, "..", WASI_NOTCAPABLE);
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

static void cannot_use_absolute_paths(void **state) {
    struct guest *guest = *state;
    char secret[PATH_MAX];
    host_path(guest, "outside/secret", secret);
    assert_unreachable(guest, secret, WASI_NOTCAPABLE);
    assert_unchangeable(guest, secret, WASI_NOTCAPABLE);
    assert_unreachable(guest, "/", WASI_NOTCAPABLE);
    assert_unreachable(guest, "//mine", WASI_NOTCAPABLE);
}

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
        assert_unreachable(guest, path, WASI_NOTCAPABLE);
        assert_unchangeable(guest, path, WASI_NOTCAPABLE);
        assert_unreachable(guest, directories[index], WASI_NOTCAPABLE);
        snprintf(path, sizeof path, "%s/", directories[index]);
        assert_unreachable(guest, path, WASI_NOTCAPABLE);
        assert_int_equal(stat_path(guest, path, 0), WASI_NOTCAPABLE);
        assert_int_equal(open_path(guest, path, 0), WASI_NOTCAPABLE);
        snprintf(path, sizeof path, "%s/..", directories[index]);
        assert_int_equal(stat_path(guest, path, 0), WASI_NOTCAPABLE);
    }
    assert_unreachable(guest, "file-link", WASI_NOTCAPABLE);
    assert_unreachable(guest, "dangling", WASI_NOTCAPABLE);
    assert_unreachable(guest, "parent/outside/secret", WASI_NOTCAPABLE);
    assert_unchangeable(guest, "parent/outside/secret", WASI_NOTCAPABLE);
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

static void rejects_odd_texts(void **state) {
    struct guest *guest = *state;
    struct smelt_context *context = &guest->context;
    assert_int_equal(open_path(guest, "", 0), WASI_NOENT);
    guest_put(guest, 0x100, "mine\0x", 6);
    assert_int_equal(WASI(path_filestat_get)(context, guest->root, 0, 0x100, 6, 0), WASI_INVAL);
    assert_int_equal(WASI(path_filestat_get)(context, guest->root, 0, 0x100, 5, 0), WASI_INVAL);
    assert_int_equal(WASI(path_unlink_file)(context, guest->root, 0x100, 5), WASI_INVAL);

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

static void cannot_make_links_that_lead_out_absolutely(void **state) {
    struct guest *guest = *state;
    guest_put_text(guest, 0x100, "/etc/passwd");
    guest_put_text(guest, 0x10, "new");
    assert_int_equal(WASI(path_symlink)(&guest->context, 0x100, 11, guest->root, 0x10, 3),
                     WASI_NOTCAPABLE);
    assert_int_equal(WASI(path_symlink)(&guest->context, 0x100, 0, guest->root, 0x10, 3),
                     WASI_NOENT);
}

// No host descriptor may stay behind, whatever the outcome.
static void leaks_no_descriptors(void **state) {
    struct guest *guest = *state;
    int before = dup(0);
    close(before);
    cannot_leave_by_dots(state);
    cannot_leave_by_links(state);
    open_path(guest, "dir/deep/file", WASI_LOOKUP_SYMLINK_FOLLOW);
    stat_path(guest, "dir/deep/../deep/file", WASI_LOOKUP_SYMLINK_FOLLOW);
    int after = dup(0);
    close(after);
    assert_int_equal(after, before);
}

static int setup(void **state) {
    struct guest *guest = guest_create();
    host_write(guest, "root/mine", "mine");
    host_mkdir(guest, "root/dir");
    host_mkdir(guest, "root/dir/deep");
    host_write(guest, "root/dir/deep/file", "file");
    *state = guest;
    return 0;
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, guest_teardown)
    const struct CMUnitTest tests[] = {
        TEST(cannot_leave_by_dots),
        TEST(may_use_dots_inside),
        TEST(cannot_use_absolute_paths),
        TEST(cannot_leave_by_links),
        TEST(cannot_change_through_links_with_slashes),
        TEST(follows_links_inside),
        TEST(creates_through_links_inside),
        TEST(survives_link_loops),
        TEST(slashes_ask_for_directories),
        TEST(rejects_odd_texts),
        TEST(checks_the_descriptor),
        TEST(cannot_make_links_that_lead_out_absolutely),
        TEST(leaks_no_descriptors),
    };
    int failures = 0;
    if (wasi_path_lookup == PATH_LOOKUP_OPENAT2) {
        failures += cmocka_run_group_tests_name("path (openat2)", tests, NULL, NULL);
    }
    wasi_path_lookup = PATH_LOOKUP_WALK;
    failures += cmocka_run_group_tests_name("path (walk)", tests, NULL, NULL);
    return failures;
}
