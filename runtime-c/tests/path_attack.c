// What the attacks on the path sandbox share; see path_attack.h.
#include "path_attack.h"

uint32_t open_path(struct guest *guest, const char *path, uint32_t lookup_flags) {
    uint32_t fd;
    uint32_t error = guest_open(guest, guest->root, path, lookup_flags, 0, WASI_RIGHT_FD_READ, &fd);
    if (error == WASI_SUCCESS) assert_int_equal(WASI(fd_close)(&guest->context, fd), 0);
    return error;
}

uint32_t stat_path(struct guest *guest, const char *path, uint32_t lookup_flags) {
    guest_put_text(guest, 0x100, path);
    return WASI(path_filestat_get)(&guest->context, guest->root, lookup_flags, 0x100,
                                   (uint32_t)strlen(path), 0x40);
}

// Reads the path as every kind of operation that follows links would.
void assert_unreachable(struct guest *guest, const char *path, uint32_t expected) {
    const uint32_t length = (uint32_t)strlen(path);
    const uint32_t follow = WASI_LOOKUP_SYMLINK_FOLLOW;
    struct smelt_context *context = &guest->context;
    uint32_t fd;
    guest_put_text(guest, 0x100, path);
    guest_put_text(guest, 0x10, "mine");
    assert_int_equal(open_path(guest, path, follow), expected);
    const bool has_slash = length > 0 && path[0] != '/' && path[length - 1] == '/';
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
void assert_unchangeable(struct guest *guest, const char *path, uint32_t expected) {
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

int path_setup(void **state) {
    struct guest *guest = guest_create();
    host_write(guest, "root/mine", "mine");
    host_mkdir(guest, "root/dir");
    host_mkdir(guest, "root/dir/deep");
    host_write(guest, "root/dir/deep/file", "file");
    *state = guest;
    return 0;
}
