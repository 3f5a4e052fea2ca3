// Directories: fd_readdir's cookies and cut-off entries, and operations on entries.
#include <stdio.h>

#include "support.h"

enum { BUFFER = 0x1000, USED = 0x100, FILE_COUNT = 300 };

// Lists the root from `cookie` into a buffer of `size` bytes; returns the bytes used.
static uint32_t list(struct guest *guest, uint32_t size, uint64_t cookie) {
    assert_int_equal(WASI(fd_readdir)(&guest->context, guest->root, BUFFER, size, cookie, USED), 0);
    return guest_get_u32(guest, USED);
}

static const uint8_t *entry_at(const struct guest *guest, uint32_t offset) {
    return guest->memory.base + BUFFER + offset;
}

static uint32_t entry_size(const uint8_t *entry) {
    return WASI_DIRENT_SIZE + guest_load_u32(entry + WASI_DIRENT_NAME_LENGTH);
}

// Marks which of the files f0, f1, ... the entries name.
static uint32_t mark(const uint8_t *entry, bool seen[FILE_COUNT]) {
    char name[256] = {0};
    memcpy(name, entry + WASI_DIRENT_SIZE, guest_load_u32(entry + WASI_DIRENT_NAME_LENGTH));
    unsigned number;
    if (sscanf(name, "f%u", &number) != 1) {
        assert_int_equal(entry[WASI_DIRENT_TYPE], WASI_FILETYPE_DIRECTORY);
        return 0;
    }
    assert_int_equal(entry[WASI_DIRENT_TYPE], WASI_FILETYPE_REGULAR_FILE);
    assert_true(number < FILE_COUNT);
    assert_false(seen[number]);
    seen[number] = true;
    return 1;
}

static void make_files(struct guest *guest) {
    char path[64];
    for (unsigned number = 0; number < FILE_COUNT; number++) {
        snprintf(path, sizeof path, "root/f%u", number);
        host_write(guest, path, "");
    }
}

// As libraries do: take whole entries, go on after the last one's cookie.
static void lists_everything_once(void **state) {
    struct guest *guest = *state;
    make_files(guest);
    const uint32_t sizes[] = {40, 64, 100, 1000, 5000, 30000};
    for (size_t index = 0; index < sizeof sizes / sizeof sizes[0]; index++) {
        bool seen[FILE_COUNT] = {false};
        uint32_t found = 0, used;
        uint64_t cookie = 0;
        do {
            used = list(guest, sizes[index], cookie);
            assert_true(used <= sizes[index]);
            for (uint32_t offset = 0; offset + WASI_DIRENT_SIZE <= used;) {
                const uint8_t *entry = entry_at(guest, offset);
                if (offset + entry_size(entry) > used) break;
                found += mark(entry, seen);
                cookie = guest_load_u64(entry + WASI_DIRENT_NEXT);
                offset += entry_size(entry);
            }
        } while (used == sizes[index]);
        assert_int_equal(found, FILE_COUNT);
    }
}

static void lists_an_empty_directory(void **state) {
    struct guest *guest = *state;
    uint32_t used = list(guest, 4096, 0);
    assert_int_equal(used, 2 * WASI_DIRENT_SIZE + 3);  // . and ..
    const uint8_t *first = entry_at(guest, 0);
    const uint8_t *second = entry_at(guest, entry_size(first));
    // What lies above a granted directory is not told.
    assert_int_equal(guest_load_u64(first + WASI_DIRENT_INO),
                     guest_load_u64(second + WASI_DIRENT_INO));
    assert_int_equal(list(guest, 4096, guest_load_u64(second + WASI_DIRENT_NEXT)), 0);
}

static void cuts_off_the_last_entry(void **state) {
    struct guest *guest = *state;
    for (uint32_t size = 0; size < 60; size++) {
        uint32_t whole = 2 * WASI_DIRENT_SIZE + 3;
        memset(guest->memory.base + BUFFER, 0xee, 128);
        assert_int_equal(list(guest, size, 0), size < whole ? size : whole);
        assert_int_equal(guest->memory.base[BUFFER + size], 0xee);
    }
}

static void rejects_what_is_no_directory(void **state) {
    struct guest *guest = *state;
    struct smelt_context *context = &guest->context;
    uint32_t fd;
    assert_int_equal(guest_open(guest, guest->root, "file", 0, WASI_OFLAG_CREAT,
                                WASI_RIGHT_FD_READ | WASI_RIGHT_FD_READDIR, &fd), 0);
    assert_int_equal(WASI(fd_readdir)(context, fd, BUFFER, 10, 0, USED), WASI_NOTDIR);
    assert_int_equal(WASI(fd_readdir)(context, 99, BUFFER, 10, 0, USED), WASI_BADF);
    const uint64_t unknown[] = {UINT64_MAX, INT64_MAX, UINT32_MAX, 0x40000000, 0x7fffffff};
    for (size_t index = 0; index < sizeof unknown / sizeof unknown[0]; index++) {
        assert_int_equal(
            WASI(fd_readdir)(context, guest->root, BUFFER, 10, unknown[index], USED), WASI_INVAL);
    }
    guest_put_vector(guest, 0x200, 0x300, 8);
    assert_int_equal(WASI(fd_read)(context, guest->root, 0x200, 1, USED), WASI_ISDIR);
}

static void changes_entries(void **state) {
    struct guest *guest = *state;
    struct smelt_context *context = &guest->context;
    const uint32_t root = guest->root;
    guest_put_text(guest, 0x10, "dir");
    guest_put_text(guest, 0x20, "dir/file");
    guest_put_text(guest, 0x30, "link");
    guest_put_text(guest, 0x40, "other");
    assert_int_equal(WASI(path_create_directory)(context, root, 0x10, 3), 0);
    assert_int_equal(WASI(path_create_directory)(context, root, 0x10, 3), WASI_EXIST);
    host_write(guest, "root/dir/file", "text");
    assert_int_equal(WASI(path_remove_directory)(context, root, 0x10, 3), WASI_NOTEMPTY);
    assert_int_equal(WASI(path_unlink_file)(context, root, 0x10, 3), WASI_ISDIR);
    assert_int_equal(WASI(path_remove_directory)(context, root, 0x20, 8), WASI_NOTDIR);

    assert_int_equal(WASI(path_symlink)(context, 0x20, 8, root, 0x30, 4), 0);
    assert_int_equal(WASI(path_readlink)(context, root, 0x30, 4, 0x100, 64, 0x80), 0);
    assert_int_equal(guest_get_u32(guest, 0x80), 8);
    assert_memory_equal(guest->memory.base + 0x100, "dir/file", 8);
    assert_int_equal(WASI(path_readlink)(context, root, 0x30, 4, 0x100, 3, 0x80), 0);
    assert_int_equal(guest_get_u32(guest, 0x80), 3);
    assert_int_equal(WASI(path_readlink)(context, root, 0x20, 8, 0x100, 64, 0x80), WASI_INVAL);

    assert_int_equal(WASI(path_link)(context, root, 0, 0x10, 3, root, 0x40, 5), WASI_PERM);
    assert_int_equal(WASI(path_link)(context, root, 0, 0x20, 8, root, 0x40, 5), 0);
    assert_int_equal(WASI(path_link)(context, root, 0, 0x20, 8, root, 0x30, 4), WASI_EXIST);
    assert_int_equal(WASI(path_rename)(context, root, 0x40, 5, root, 0x30, 4), 0);
    assert_int_equal(WASI(path_filestat_get)(context, root, 0, 0x30, 4, 0x100), 0);
    assert_int_equal(guest->memory.base[0x100 + WASI_FILESTAT_FILETYPE],
                     WASI_FILETYPE_REGULAR_FILE);
    assert_int_equal(guest_get_u64(guest, 0x100 + WASI_FILESTAT_NLINK), 2);
    assert_int_equal(WASI(path_filestat_set_times)(context, root, 0, 0x30, 4, 5, 7,
                                                   WASI_FSTFLAG_ATIM | WASI_FSTFLAG_MTIM), 0);
    assert_int_equal(WASI(path_filestat_get)(context, root, 0, 0x20, 8, 0x100), 0);
    assert_int_equal(guest_get_u64(guest, 0x100 + WASI_FILESTAT_ATIM), 5);
    assert_int_equal(guest_get_u64(guest, 0x100 + WASI_FILESTAT_MTIM), 7);
    assert_int_equal(WASI(path_unlink_file)(context, root, 0x20, 8), 0);
    assert_int_equal(WASI(path_unlink_file)(context, root, 0x30, 4), 0);
    assert_int_equal(WASI(path_remove_directory)(context, root, 0x10, 3), 0);
}

// What lies above is not shown, under whatever name a directory was opened.
static void shows_no_parent(void **state) {
    struct guest *guest = *state;
    const char *const names[] = {".", "sub", "sub/..", "link"};
    host_mkdir(guest, "root/sub");
    host_symlink(guest, "sub/..", "root/link");
    for (size_t index = 0; index < sizeof names / sizeof names[0]; index++) {
        uint32_t fd;
        assert_int_equal(
            guest_open(guest, guest->root, names[index], WASI_LOOKUP_SYMLINK_FOLLOW,
                       WASI_OFLAG_DIRECTORY,
                       WASI_RIGHT_FD_READDIR | WASI_RIGHT_FD_FILESTAT_GET, &fd), 0);
        assert_int_equal(WASI(fd_filestat_get)(&guest->context, fd, 0x200), 0);
        uint64_t own = guest_get_u64(guest, 0x200 + WASI_FILESTAT_INO);
        assert_int_equal(WASI(fd_readdir)(&guest->context, fd, BUFFER, 4000, 0, USED), 0);
        uint32_t used = guest_get_u32(guest, USED), found = 0;
        for (uint32_t offset = 0; offset < used;) {
            const uint8_t *entry = entry_at(guest, offset);
            uint32_t length = guest_load_u32(entry + WASI_DIRENT_NAME_LENGTH);
            if (length <= 2 && memcmp(entry + WASI_DIRENT_SIZE, "..", length) == 0) {
                assert_true(guest_load_u64(entry + WASI_DIRENT_INO) == own);
                found++;
            }
            offset += entry_size(entry);
        }
        assert_int_equal(found, 2);
    }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, guest_setup, guest_teardown)
    const struct CMUnitTest tests[] = {
        TEST(lists_everything_once),
        TEST(lists_an_empty_directory),
        TEST(cuts_off_the_last_entry),
        TEST(rejects_what_is_no_directory),
        TEST(shows_no_parent),
        TEST(changes_entries),
    };
    return cmocka_run_group_tests_name("directories", tests, NULL, NULL);
}
