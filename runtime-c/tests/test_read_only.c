// Directories that were granted with :ro: everything can be read, nothing changed, and every
// attempt says rofs, as on a file system that is mounted so.
#include <sys/stat.h>
#include <unistd.h>

#include "support.h"

static uint32_t put(struct guest *guest, uint32_t address, const char *path) {
    guest_put_text(guest, address, path);
    return (uint32_t)strlen(path);
}

static void reads(void **state) {
    struct guest *guest = *state;
    uint32_t fd, directory;
    assert_int_equal(guest_open(guest, guest->root, "file", 0, 0, WASI_RIGHT_FD_READ, &fd), 0);
    guest_put_vector(guest, 0x10, 0x100, 10);
    assert_int_equal(WASI(fd_read)(&guest->context, fd, 0x10, 1, 0x20), 0);
    assert_int_equal(guest_get_u32(guest, 0x20), 7);
    assert_int_equal(guest_open(guest, guest->root, "dir", 0, WASI_OFLAG_DIRECTORY,
                                WASI_RIGHTS_DIRECTORY, &directory), 0);
    assert_int_equal(WASI(fd_readdir)(&guest->context, directory, 0x100, 256, 0, 0x20), 0);
}

static void does_not_open_to_write(void **state) {
    struct guest *guest = *state;
    uint32_t fd;
    const uint64_t read = WASI_RIGHT_FD_READ;
    assert_int_equal(
        guest_open(guest, guest->root, "file", 0, 0, read | WASI_RIGHT_FD_WRITE, &fd), WASI_ROFS);
    assert_int_equal(guest_open(guest, guest->root, "file", 0, WASI_OFLAG_TRUNC, read, &fd),
                     WASI_ROFS);
    assert_int_equal(guest_open(guest, guest->root, "new", 0, WASI_OFLAG_CREAT, read, &fd),
                     WASI_ROFS);
    assert_int_equal(
        guest_open(guest, guest->root, "file", 0, 0, WASI_RIGHT_FD_ALLOCATE, &fd), WASI_ROFS);
}

// The operations on paths, in a directory and in one opened beneath it.
static void does_not_change_directories(void **state) {
    struct guest *guest = *state;
    struct smelt_context *context = &guest->context;
    uint32_t directory;
    assert_int_equal(guest_open(guest, guest->root, "dir", 0, WASI_OFLAG_DIRECTORY,
                                WASI_RIGHTS_DIRECTORY, &directory), 0);
    const uint32_t directories[] = {guest->root, directory};
    for (size_t index = 0; index < 2; index++) {
        uint32_t fd = directories[index];
        uint32_t file = put(guest, 0x100, "file"), name = put(guest, 0x200, "name");
        assert_int_equal(WASI(path_create_directory)(context, fd, 0x200, name), WASI_ROFS);
        assert_int_equal(WASI(path_remove_directory)(context, fd, 0x100, file), WASI_ROFS);
        assert_int_equal(WASI(path_unlink_file)(context, fd, 0x100, file), WASI_ROFS);
        assert_int_equal(WASI(path_symlink)(context, 0x100, file, fd, 0x200, name), WASI_ROFS);
        assert_int_equal(WASI(path_rename)(context, fd, 0x100, file, fd, 0x200, name), WASI_ROFS);
        assert_int_equal(WASI(path_link)(context, fd, 0, 0x100, file, fd, 0x200, name), WASI_ROFS);
        assert_int_equal(WASI(path_filestat_set_times)(context, fd, 0, 0x100, file, 1, 1,
                                                       WASI_FSTFLAG_MTIM), WASI_ROFS);
        assert_int_equal(WASI(fd_filestat_set_times)(context, fd, 1, 1, WASI_FSTFLAG_MTIM),
                         WASI_ROFS);
    }
}

static void does_not_change_open_files(void **state) {
    struct guest *guest = *state;
    uint32_t fd;
    const uint64_t rights = WASI_RIGHT_FD_READ | WASI_RIGHT_FD_FILESTAT_SET_TIMES;
    assert_int_equal(guest_open(guest, guest->root, "file", 0, 0, rights, &fd), 0);
    assert_int_equal(
        WASI(fd_filestat_set_times)(&guest->context, fd, 1, 1, WASI_FSTFLAG_MTIM), WASI_ROFS);
    guest_put_vector(guest, 0x10, 0x100, 10);
    assert_int_equal(WASI(fd_write)(&guest->context, fd, 0x10, 1, 0x20), WASI_BADF);
}

// A file must not get a second name where it could be written to.
static void does_not_hand_files_to_others(void **state) {
    struct guest *guest = *state;
    struct smelt_context *context = &guest->context;
    struct wasi_fd *root, copy;
    uint32_t writable;
    assert_int_equal(fd_table_get(context, guest->root, 0, &root), 0);
    copy = *root;
    copy.host = dup(root->host);
    copy.is_read_only = false;
    assert_int_equal(fd_table_insert(&guest->state.fds, &copy, &writable), 0);
    uint32_t file = put(guest, 0x100, "file"), name = put(guest, 0x200, "name");
    assert_int_equal(WASI(path_link)(context, guest->root, 0, 0x100, file, writable, 0x200, name),
                     WASI_ROFS);
    assert_int_equal(WASI(path_rename)(context, guest->root, 0x100, file, writable, 0x200, name),
                     WASI_ROFS);
    assert_int_equal(WASI(path_link)(context, writable, 0, 0x100, file, guest->root, 0x200, name),
                     WASI_ROFS);
    assert_int_equal(WASI(path_link)(context, writable, 0, 0x100, file, writable, 0x200, name), 0);
}

static int setup(void **state) {
    struct guest *guest = guest_create();
    struct wasi_fd *entry;
    host_write(guest, "root/file", "content");
    host_mkdir(guest, "root/dir");
    host_write(guest, "root/dir/file", "content");
    fd_table_get(&guest->context, guest->root, 0, &entry);
    entry->is_read_only = true;
    *state = guest;
    return 0;
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, guest_teardown)
    const struct CMUnitTest tests[] = {
        TEST(reads),
        TEST(does_not_open_to_write),
        TEST(does_not_change_directories),
        TEST(does_not_change_open_files),
        TEST(does_not_hand_files_to_others),
    };
    return cmocka_run_group_tests_name("read-only grants", tests, NULL, NULL);
}
