// Directories that stay open between operations (kept.h), while the names that they were found by come
// to mean something else. Each operation must go where its path leads when it is made.
#include <sys/resource.h>

#include "path_attack.h"

static uint32_t make_directory(struct guest *guest, uint32_t fd, const char *path) {
    guest_put_text(guest, 0x100, path);
    return WASI(path_create_directory)(&guest->context, fd, 0x100, (uint32_t)strlen(path));
}

static uint32_t rename_path(struct guest *guest, const char *from, const char *to) {
    guest_put_text(guest, 0x100, from);
    guest_put_text(guest, 0x200, to);
    return WASI(path_rename)(&guest->context, guest->root, 0x100, (uint32_t)strlen(from),
                             guest->root, 0x200, (uint32_t)strlen(to));
}

static void host_rename(const struct guest *guest, const char *from, const char *to) {
    char old_path[PATH_MAX], new_path[PATH_MAX];
    host_path(guest, from, old_path);
    host_path(guest, to, new_path);
    assert_int_equal(rename(old_path, new_path), 0);
}

static bool exists(const struct guest *guest, const char *path) {
    char full[PATH_MAX];
    struct stat status;
    host_path(guest, path, full);
    return lstat(full, &status) == 0;
}

static unsigned open_count(const struct guest *guest) {
    unsigned count = 0;
    for (size_t index = 0; index < KEPT_DIRECTORIES; index++) {
        count += guest->state.host.kept.entries[index].is_open;
    }
    return count;
}

// Uses "dir" until it is kept.
static void keep(struct guest *guest) {
    assert_int_equal(stat_path(guest, "dir/deep", 0), WASI_SUCCESS);
    assert_int_equal(open_count(guest), 0);
    assert_int_equal(stat_path(guest, "dir/deep", 0), WASI_SUCCESS);
    assert_int_equal(open_count(guest), 1);
}

static void follows_a_directory_that_takes_the_name(void **state) {
    struct guest *guest = *state;
    keep(guest);
    host_rename(guest, "root/dir", "root/old");
    assert_int_equal(make_directory(guest, guest->root, "dir/made"), WASI_NOENT);
    host_mkdir(guest, "root/dir");
    assert_int_equal(make_directory(guest, guest->root, "dir/made"), WASI_SUCCESS);
    assert_true(exists(guest, "root/dir/made") && !exists(guest, "root/old/made"));
    // The guest itself renames.
    assert_int_equal(rename_path(guest, "dir", "older"), WASI_SUCCESS);
    assert_int_equal(rename_path(guest, "old", "dir"), WASI_SUCCESS);
    assert_int_equal(make_directory(guest, guest->root, "dir/third"), WASI_SUCCESS);
    assert_true(exists(guest, "root/dir/third") && exists(guest, "root/dir/deep"));
}

static void does_not_follow_a_directory_that_leaves(void **state) {
    struct guest *guest = *state;
    keep(guest);
    host_rename(guest, "root/dir", "outside/dir");
    assert_int_equal(make_directory(guest, guest->root, "dir/made"), WASI_NOENT);
    assert_int_equal(stat_path(guest, "dir/deep", 0), WASI_NOENT);
    assert_false(exists(guest, "outside/dir/made"));
}

static void resolves_a_link_that_takes_the_name(void **state) {
    struct guest *guest = *state;
    keep(guest);
    host_rename(guest, "root/dir", "root/old");
    host_symlink(guest, "../outside", "root/dir");
    assert_int_equal(make_directory(guest, guest->root, "dir/made"), WASI_PERM);
    assert_int_equal(stat_path(guest, "dir/secret", 0), WASI_PERM);
    assert_false(exists(guest, "outside/made") || exists(guest, "root/old/made"));
    // One that leads to the very directory that was kept.
    assert_int_equal(rename_path(guest, "dir", "out"), WASI_SUCCESS);
    host_symlink(guest, "old", "root/dir");
    assert_int_equal(make_directory(guest, guest->root, "dir/made"), WASI_SUCCESS);
    assert_true(exists(guest, "root/old/made"));
    // And by way of the outside: refused, although it arrives where it began.
    assert_int_equal(rename_path(guest, "dir", "in"), WASI_SUCCESS);
    host_symlink(guest, "../root/old", "root/dir");
    assert_int_equal(make_directory(guest, guest->root, "dir/again"), WASI_PERM);
}

static void tells_directories_apart_by_what_they_are_in(void **state) {
    struct guest *guest = *state;
    uint32_t sub, host_number;
    struct wasi_fd *entry;
    host_mkdir(guest, "root/sub");
    host_mkdir(guest, "root/sub/dir");
    host_mkdir(guest, "root/third");
    host_mkdir(guest, "root/third/dir");
    assert_int_equal(guest_open(guest, guest->root, "sub", 0, WASI_OFLAG_DIRECTORY,
                                WASI_RIGHTS_DIRECTORY, &sub), 0);
    char name[] = "dir/0";
    for (; name[4] < '6'; name[4]++) {
        uint32_t fd = name[4] % 2 == 0 ? guest->root : sub;
        assert_int_equal(make_directory(guest, fd, name), WASI_SUCCESS);
    }
    assert_true(exists(guest, "root/dir/4") && exists(guest, "root/sub/dir/5"));
    assert_int_equal(open_count(guest), 2);
    // Another directory gets the number under which the kept one was found.
    assert_int_equal(fd_table_get(&guest->context, sub, 0, &entry), 0);
    host_number = (uint32_t)entry->host;
    assert_int_equal(WASI(fd_close)(&guest->context, sub), 0);
    assert_int_equal(guest_open(guest, guest->root, "third", 0, WASI_OFLAG_DIRECTORY,
                                WASI_RIGHTS_DIRECTORY, &sub), 0);
    assert_int_equal(fd_table_get(&guest->context, sub, 0, &entry), 0);
    assert_int_equal(entry->host, host_number);
    assert_int_equal(make_directory(guest, sub, "dir/made"), WASI_SUCCESS);
    assert_true(exists(guest, "root/third/dir/made"));
}

// Two directories are needed at once, and there are more in use than can be kept.
static void renames_between_many(void **state) {
    struct guest *guest = *state;
    char from[] = "0/file", to[] = "1/file", folder[] = "root/0";
    for (folder[5] = '0'; folder[5] < '8'; folder[5]++) host_mkdir(guest, folder);
    host_write(guest, "root/0/file", "moved");
    for (int round = 0; round < 200; round++) {
        to[0] = (char)('0' + (from[0] - '0' + 1 + round % 7) % 8);
        assert_int_equal(rename_path(guest, from, to), WASI_SUCCESS);
        for (int again = 0; again < round % 3; again++) {
            assert_int_equal(stat_path(guest, to, 0), WASI_SUCCESS);
            assert_int_equal(stat_path(guest, from, 0), WASI_NOENT);
        }
        from[0] = to[0];
    }
}

static void gives_descriptors_back(void **state) {
    struct guest *guest = *state;
    uint32_t fd;
    if (host_path_lookup == PATH_LOOKUP_WALK) return;  // which needs descriptors itself
    keep(guest);
    int free_number = dup(0);
    close(free_number);
    struct rlimit limit, small;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    small = limit;
    small.rlim_cur = (rlim_t)free_number;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &small), 0);
    uint32_t first = guest_open(guest, guest->root, "mine", 0, 0, WASI_RIGHT_FD_READ, &fd);
    uint32_t second = guest_open(guest, guest->root, "mine", 0, 0, WASI_RIGHT_FD_READ, &fd);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    assert_int_equal(first, WASI_SUCCESS);
    assert_int_equal(second, WASI_MFILE);
}

// What is mounted can be unmounted while the program runs.
static void does_not_keep_mounts(void **state) {
    struct guest *guest = *state;
    struct wasi_fd *root;
    struct stat status, mounted;
    if (stat("/", &status) != 0 || stat("/proc", &mounted) != 0) return;
    if (status.st_dev == mounted.st_dev) return;  // nothing is mounted there
    assert_int_equal(fd_table_get(&guest->context, guest->root, 0, &root), 0);
    close(root->host);
    root->host = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (int use = 0; use < 200; use++) {
        assert_int_equal(stat_path(guest, "proc/cpuinfo", 0), WASI_SUCCESS);
    }
    assert_int_equal(open_count(guest), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PATH_TEST(follows_a_directory_that_takes_the_name),
        PATH_TEST(does_not_follow_a_directory_that_leaves),
        PATH_TEST(resolves_a_link_that_takes_the_name),
        PATH_TEST(tells_directories_apart_by_what_they_are_in),
        PATH_TEST(renames_between_many),
        PATH_TEST(gives_descriptors_back),
        PATH_TEST(does_not_keep_mounts),
    };
    return RUN_PATH_TESTS("kept directories", tests);
}
