// Files: opening with rights and flags, transfers, positions, attributes, descriptors.
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "support.h"
#include "wasi_p1/fd_table.h"

static const uint64_t file_rights = WASI_RIGHTS_FILE;

static uint32_t open_file(struct guest *guest, const char *path, uint32_t oflags, uint64_t rights) {
    uint32_t fd;
    assert_int_equal(guest_open(guest, guest->root, path, 0, oflags, rights, &fd), WASI_SUCCESS);
    return fd;
}

static void write_text(struct guest *guest, uint32_t fd, const char *text) {
    guest_put_text(guest, 0x200, text);
    guest_put_vector(guest, 0x100, 0x200, (uint32_t)strlen(text));
    assert_int_equal(WASI(fd_write)(&guest->context, fd, 0x100, 1, 0x110), WASI_SUCCESS);
    assert_int_equal(guest_get_u32(guest, 0x110), strlen(text));
}

// Reads up to 64 bytes into 0x300 and returns how many.
static uint32_t read_some(struct guest *guest, uint32_t fd) {
    guest_put_vector(guest, 0x100, 0x300, 64);
    assert_int_equal(WASI(fd_read)(&guest->context, fd, 0x100, 1, 0x110), WASI_SUCCESS);
    return guest_get_u32(guest, 0x110);
}

static uint64_t seek(struct guest *guest, uint32_t fd, int64_t offset, uint32_t whence) {
    assert_int_equal(WASI(fd_seek)(&guest->context, fd, (uint64_t)offset, whence, 0x110), 0);
    return guest_get_u64(guest, 0x110);
}

static void reads_back_what_was_written(void **state) {
    struct guest *guest = *state;
    uint32_t fd = open_file(guest, "file", WASI_OFLAG_CREAT, file_rights);
    write_text(guest, fd, "0123456789");
    assert_int_equal(seek(guest, fd, 0, WASI_WHENCE_CUR), 10);
    assert_int_equal(seek(guest, fd, -3, WASI_WHENCE_END), 7);
    assert_int_equal(read_some(guest, fd), 3);
    assert_memory_equal(guest->memory.base + 0x300, "789", 3);
    assert_int_equal(WASI(fd_tell)(&guest->context, fd, 0x110), 0);
    assert_int_equal(guest_get_u64(guest, 0x110), 10);
    assert_int_equal(seek(guest, fd, 2, WASI_WHENCE_SET), 2);
    assert_int_equal(WASI(fd_seek)(&guest->context, fd, 0, 3, 0x110), WASI_INVAL);
    assert_int_equal(WASI(fd_seek)(&guest->context, fd, (uint64_t)-3, 1, 0x110), WASI_INVAL);
}

static void transfers_several_vectors(void **state) {
    struct guest *guest = *state;
    uint32_t fd = open_file(guest, "file", WASI_OFLAG_CREAT, file_rights);
    guest_put_text(guest, 0x200, "abcdef");
    guest_put_vector(guest, 0x100, 0x200, 2);
    guest_put_vector(guest, 0x108, 0x203, 0);
    guest_put_vector(guest, 0x110, 0x203, 3);
    assert_int_equal(WASI(fd_pwrite)(&guest->context, fd, 0x100, 3, 5, 0x120), 0);
    assert_int_equal(guest_get_u32(guest, 0x120), 5);
    guest_put_vector(guest, 0x100, 0x400, 1);
    guest_put_vector(guest, 0x108, 0x410, 64);
    assert_int_equal(WASI(fd_pread)(&guest->context, fd, 0x100, 2, 4, 0x120), 0);
    assert_int_equal(guest_get_u32(guest, 0x120), 6);
    assert_memory_equal(guest->memory.base + 0x400, "\0", 1);
    assert_memory_equal(guest->memory.base + 0x410, "abdef", 5);
    assert_int_equal(WASI(fd_pread)(&guest->context, fd, 0x100, 2, UINT64_MAX, 0x120), WASI_INVAL);
    assert_int_equal(WASI(fd_tell)(&guest->context, fd, 0x110), 0);
    assert_int_equal(guest_get_u64(guest, 0x110), 0);
}

// More vectors than the kernel takes in one call: a short transfer, not an error.
static void serves_too_many_vectors_in_part(void **state) {
    struct guest *guest = *state;
    uint32_t fd = open_file(guest, "file", WASI_OFLAG_CREAT, file_rights);
    for (uint32_t index = 0; index < 2000; index++) {
        guest_put_vector(guest, 0x1000 + index * WASI_IOVEC_SIZE, 0, 1);
    }
    assert_int_equal(WASI(fd_write)(&guest->context, fd, 0x1000, 2000, 0x10), WASI_SUCCESS);
    assert_int_equal(guest_get_u32(guest, 0x10), 1024);
}

static void opens_with_the_rights_asked_for(void **state) {
    struct guest *guest = *state;
    struct smelt_context *context = &guest->context;
    uint32_t fd = open_file(guest, "file", WASI_OFLAG_CREAT, WASI_RIGHT_FD_WRITE);
    write_text(guest, fd, "x");
    assert_int_equal(WASI(fd_read)(context, fd, 0x100, 1, 0x110), WASI_BADF);
    assert_int_equal(WASI(fd_seek)(context, fd, 0, 0, 0x110), WASI_NOTCAPABLE);
    assert_int_equal(WASI(fd_filestat_get)(context, fd, 0x200), WASI_NOTCAPABLE);
    assert_int_equal(WASI(fd_filestat_set_size)(context, fd, 0), WASI_INVAL);
    assert_int_equal(WASI(fd_sync)(context, fd), WASI_NOTCAPABLE);
    fd = open_file(guest, "file", 0, WASI_RIGHT_FD_READ);
    assert_int_equal(WASI(fd_write)(context, fd, 0x100, 1, 0x110), WASI_BADF);
    assert_int_equal(WASI(fd_allocate)(context, fd, 0, 1), WASI_BADF);
    assert_int_equal(WASI(fd_datasync)(context, fd), WASI_NOTCAPABLE);
    assert_int_equal(read_some(guest, fd), 1);
    uint32_t synced = open_file(guest, "file", 0, WASI_RIGHT_FD_SYNC);
    assert_int_equal(WASI(fd_datasync)(context, synced), WASI_SUCCESS);
    assert_int_equal(WASI(fd_fdstat_get)(context, fd, 0x200), WASI_SUCCESS);
    assert_int_equal(guest->memory.base[0x200], WASI_FILETYPE_REGULAR_FILE);
    assert_int_equal(guest_get_u64(guest, 0x200 + WASI_FDSTAT_RIGHTS_BASE), WASI_RIGHT_FD_READ);
    assert_int_equal(guest_get_u64(guest, 0x200 + WASI_FDSTAT_RIGHTS_INHERITING), 0);
    assert_int_equal(WASI(fd_fdstat_set_rights)(context, fd, file_rights, 0), WASI_NOTCAPABLE);
    assert_int_equal(WASI(fd_fdstat_set_rights)(context, fd, 0, 0), WASI_SUCCESS);
    assert_int_equal(WASI(fd_read)(context, fd, 0x100, 1, 0x110), WASI_BADF);
}

static void inherits_no_more_than_allowed(void **state) {
    struct guest *guest = *state;
    uint32_t fd;
    assert_int_equal(WASI(fd_fdstat_set_rights)(&guest->context, guest->root,
                                                WASI_RIGHT_PATH_OPEN | WASI_RIGHT_PATH_CREATE_FILE,
                                                WASI_RIGHT_FD_READ), 0);
    assert_int_equal(guest_open(guest, guest->root, "file", 0, WASI_OFLAG_CREAT,
                                WASI_RIGHT_FD_WRITE, &fd), WASI_NOTCAPABLE);
    assert_int_equal(guest_open(guest, guest->root, "file", 0, WASI_OFLAG_CREAT,
                                WASI_RIGHT_FD_READ, &fd), WASI_SUCCESS);
    assert_int_equal(guest_open(guest, guest->root, "file", 0, WASI_OFLAG_TRUNC,
                                WASI_RIGHT_FD_READ, &fd), WASI_NOTCAPABLE);
}

static void opens_as_the_flags_say(void **state) {
    struct guest *guest = *state;
    uint32_t fd;
    const uint64_t rights = WASI_RIGHT_FD_READ | WASI_RIGHT_FD_WRITE;
    assert_int_equal(guest_open(guest, guest->root, "file", 0, 0, rights, &fd), WASI_NOENT);
    fd = open_file(guest, "file", WASI_OFLAG_CREAT | WASI_OFLAG_EXCL, rights);
    write_text(guest, fd, "content");
    assert_int_equal(guest_open(guest, guest->root, "file", 0, WASI_OFLAG_CREAT | WASI_OFLAG_EXCL,
                                rights, &fd), WASI_EXIST);
    assert_int_equal(guest_open(guest, guest->root, "file", 0, WASI_OFLAG_DIRECTORY, 0, &fd),
                     WASI_NOTDIR);
    assert_int_equal(guest_open(guest, guest->root, ".", 0, WASI_OFLAG_DIRECTORY, rights, &fd),
                     WASI_ISDIR);
    assert_int_equal(guest_open(guest, guest->root, "d", 0,
                                WASI_OFLAG_CREAT | WASI_OFLAG_DIRECTORY, 0, &fd), WASI_INVAL);
    assert_int_equal(guest_open(guest, guest->root, "file", 0, 16, rights, &fd), WASI_INVAL);
    assert_int_equal(read_some(guest, open_file(guest, "file", 0, rights)), 7);
    assert_int_equal(read_some(guest, open_file(guest, "file", WASI_OFLAG_TRUNC, rights)), 0);
}

static void changes_descriptor_flags(void **state) {
    struct guest *guest = *state;
    struct smelt_context *context = &guest->context;
    uint32_t fd = open_file(guest, "file", WASI_OFLAG_CREAT, file_rights);
    write_text(guest, fd, "one");
    assert_int_equal(WASI(fd_fdstat_set_flags)(context, fd, WASI_FDFLAG_APPEND), 0);
    seek(guest, fd, 0, WASI_WHENCE_SET);
    write_text(guest, fd, "two");
    seek(guest, fd, 0, WASI_WHENCE_SET);
    assert_int_equal(read_some(guest, fd), 6);
    assert_int_equal(WASI(fd_fdstat_get)(context, fd, 0x200), 0);
    assert_int_equal(guest_load_u16(guest->memory.base + 0x202), WASI_FDFLAG_APPEND);
    assert_int_equal(WASI(fd_fdstat_set_flags)(context, fd, WASI_FDFLAG_SYNC), WASI_NOTSUP);
    assert_int_equal(WASI(fd_fdstat_set_flags)(context, fd, 1 << 5), WASI_INVAL);
}

static void changes_size_and_times(void **state) {
    struct guest *guest = *state;
    struct smelt_context *context = &guest->context;
    uint32_t fd = open_file(guest, "file", WASI_OFLAG_CREAT, file_rights);
    assert_int_equal(WASI(fd_filestat_set_size)(context, fd, 1000), 0);
    assert_int_equal(WASI(fd_filestat_set_size)(context, fd, UINT64_MAX), WASI_INVAL);
    assert_int_equal(WASI(fd_filestat_set_times)(context, fd, 1234567890123456789, 987654321, 5), 0);
    assert_int_equal(WASI(fd_filestat_get)(context, fd, 0x200), 0);
    assert_int_equal(guest_get_u64(guest, 0x200 + WASI_FILESTAT_BYTE_SIZE), 1000);
    assert_int_equal(guest_get_u64(guest, 0x200 + WASI_FILESTAT_ATIM), 1234567890123456789);
    assert_int_equal(guest_get_u64(guest, 0x200 + WASI_FILESTAT_MTIM), 987654321);
    assert_int_equal(guest_get_u64(guest, 0x200 + WASI_FILESTAT_NLINK), 1);
    assert_int_equal(WASI(fd_filestat_set_times)(context, fd, 0, 0, 3), WASI_INVAL);
    assert_int_equal(WASI(fd_filestat_set_times)(context, fd, 0, 0, 12), WASI_INVAL);
    assert_int_equal(WASI(fd_filestat_set_times)(context, fd, 0, 0, 16), WASI_INVAL);
    assert_int_equal(WASI(fd_filestat_set_times)(context, fd, 0, 0, WASI_FSTFLAG_MTIM_NOW), 0);
    assert_int_equal(WASI(fd_filestat_get)(context, fd, 0x200), 0);
    assert_int_equal(guest_get_u64(guest, 0x200 + WASI_FILESTAT_ATIM), 1234567890123456789);
    assert_true(guest_get_u64(guest, 0x200 + WASI_FILESTAT_MTIM) > 1500000000000000000);
    assert_int_equal(WASI(fd_allocate)(context, fd, 1000, 24), 0);
    assert_int_equal(WASI(fd_advise)(context, fd, 0, 0, 6), WASI_INVAL);
    assert_int_equal(WASI(fd_advise)(context, fd, 0, 10, 3), 0);
    assert_int_equal(WASI(fd_datasync)(context, fd), 0);
}

static void closes_and_renumbers(void **state) {
    struct guest *guest = *state;
    struct smelt_context *context = &guest->context;
    uint32_t first = open_file(guest, "first", WASI_OFLAG_CREAT, file_rights);
    uint32_t second = open_file(guest, "second", WASI_OFLAG_CREAT, file_rights);
    assert_int_equal(WASI(fd_renumber)(context, first, second), 0);
    assert_int_equal(WASI(fd_close)(context, first), WASI_BADF);
    assert_int_equal(WASI(fd_renumber)(context, second, first), WASI_BADF);
    assert_int_equal(WASI(fd_renumber)(context, second, second), 0);
    write_text(guest, second, "text");
    assert_int_equal(read_some(guest, open_file(guest, "first", 0, file_rights)), 4);
    assert_int_equal(WASI(fd_close)(context, second), 0);
    assert_int_equal(WASI(fd_write)(context, second, 0x100, 1, 0x110), WASI_BADF);
    assert_int_equal(WASI(fd_close)(context, UINT32_MAX), WASI_BADF);
}

static void holds_many_descriptors(void **state) {
    struct guest *guest = *state;
    uint32_t fds[200];
    for (uint32_t index = 0; index < 200; index++) {
        fds[index] = open_file(guest, "file", WASI_OFLAG_CREAT, file_rights);
        assert_int_equal(fds[index], guest->root + 1 + index);
    }
    for (uint32_t index = 0; index < 200; index++) {
        assert_int_equal(WASI(fd_close)(&guest->context, fds[index]), 0);
    }
    assert_int_equal(open_file(guest, "file", 0, file_rights), guest->root + 1);
}

static void knows_preopened_directories(void **state) {
    struct guest *guest = *state;
    struct smelt_context *context = &guest->context;
    assert_int_equal(WASI(fd_prestat_get)(context, guest->root, 0x100), 0);
    assert_int_equal(guest_get_u32(guest, 0x100), WASI_PREOPENTYPE_DIR);
    assert_int_equal(guest_get_u32(guest, 0x104), 1);
    assert_int_equal(WASI(fd_prestat_dir_name)(context, guest->root, 0x200, 1), 0);
    assert_int_equal(guest->memory.base[0x200], '/');
    assert_int_equal(WASI(fd_prestat_dir_name)(context, guest->root, 0x200, 0), WASI_NAMETOOLONG);
    assert_int_equal(WASI(fd_prestat_get)(context, 0, 0x100), WASI_BADF);
    assert_int_equal(WASI(fd_prestat_get)(context, guest->root + 1, 0x100), WASI_BADF);
}

static void has_no_sockets(void **state) {
    struct guest *guest = *state;
    struct smelt_context *context = &guest->context;
    assert_int_equal(WASI(sock_shutdown)(context, 99, 0), WASI_BADF);
    assert_int_equal(WASI(sock_shutdown)(context, guest->root, 0), WASI_NOTSOCK);
    assert_int_equal(WASI(sock_accept)(context, guest->root, 0, 0), WASI_NOTSOCK);
    assert_int_equal(WASI(sock_recv)(context, guest->root, 0, 1, 0, 0, 0), WASI_NOTSOCK);
    assert_int_equal(WASI(sock_send)(context, guest->root, 0, 1, 0, 0), WASI_NOTSOCK);
}

// Writes to a pipe that nobody reads: an errno, not a signal.
static void write_to_broken_pipe(void *argument) {
    struct guest *guest = argument;
    int ends[2];
    if (pipe(ends) != 0) _exit(1);
    close(ends[0]);
    dup2(ends[1], STDOUT_FILENO);
    // As at the start of a program whose output is a pipe, whatever that of this test is.
    signal(SIGPIPE, SIG_DFL);
    fd_table_adopt_streams(&guest->state);
    guest_put_vector(guest, 0x100, 0x200, 1);
    _exit((int)WASI(fd_write)(&guest->context, 1, 0x100, 1, 0x110));
}

static void reports_broken_pipes(void **state) {
    char output[64];
    assert_int_equal(run_in_child(write_to_broken_pipe, *state, output, sizeof output), WASI_PIPE);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, guest_setup, guest_teardown)
    const struct CMUnitTest tests[] = {
        TEST(reads_back_what_was_written),
        TEST(transfers_several_vectors),
        TEST(serves_too_many_vectors_in_part),
        TEST(opens_with_the_rights_asked_for),
        TEST(inherits_no_more_than_allowed),
        TEST(opens_as_the_flags_say),
        TEST(changes_descriptor_flags),
        TEST(changes_size_and_times),
        TEST(closes_and_renumbers),
        TEST(holds_many_descriptors),
        TEST(knows_preopened_directories),
        TEST(has_no_sockets),
        TEST(reports_broken_pipes),
    };
    return cmocka_run_group_tests_name("files", tests, NULL, NULL);
}
