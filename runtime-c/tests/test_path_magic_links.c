// Magic links, such as those of /proc: they lead to wherever a process has something open, whatever
// their text says.
#include "path_attack.h"

// Grants /proc/self: its links "root", "cwd", "exe" and "fd/N" lead out.
static uint32_t grant_proc(struct guest *guest) {
    struct wasi_fd entry;
    uint32_t fd;
    int host = open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(host >= 0);
    assert_int_equal(
        wasi_fd_describe(host, WASI_RIGHTS_DIRECTORY, WASI_RIGHTS_INHERITING, &entry), 0);
    entry.is_proc = path_is_on_proc(host);
    entry.preopen_name = "/proc";
    entry.preopen_name_length = 5;
    assert_int_equal(fd_table_insert(&guest->state.fds, &entry, &fd), 0);
    return fd;
}

static void assert_refused(uint32_t error) {
    if (error != WASI_LOOP && error != WASI_PERM && error != WASI_NOENT) {
        fail_msg("errno %u", error);
    }
}

static void lead_nowhere(void **state) {
    struct guest *guest = *state;
    struct smelt_context *context = &guest->context;
    uint32_t proc = grant_proc(guest), fd;
    const uint32_t follow = WASI_LOOKUP_SYMLINK_FOLLOW;
    // A descriptor that leads outside, to a file and to a directory.
    char outside[PATH_MAX], path[PATH_MAX], by_number[64];
    host_path(guest, "outside", outside);
    int directory = open(outside, O_RDONLY | O_DIRECTORY);
    snprintf(by_number, sizeof by_number, "fd/%d/secret", directory);
    const char *const paths[] = {"root/etc/passwd", "cwd/Makefile", "exe",      "root/",
                                 "cwd/.",           "fd/0/x",       "ns/mnt",   "root/../etc",
                                 by_number,         "task/1/root/x", "fd/0/../"};
    for (size_t index = 0; index < sizeof paths / sizeof paths[0]; index++) {
        const uint32_t length = (uint32_t)strlen(paths[index]);
        assert_refused(guest_open(guest, proc, paths[index], follow, 0, WASI_RIGHT_FD_READ, &fd));
        assert_refused(
            guest_open(guest, proc, paths[index], follow, 0, WASI_RIGHT_FD_WRITE, &fd));
        guest_put_text(guest, 0x100, paths[index]);
        assert_refused(WASI(path_filestat_get)(context, proc, follow, 0x100, length, 0x40));
        assert_refused(WASI(path_filestat_set_times)(context, proc, follow, 0x100, length, 1, 1,
                                                     WASI_FSTFLAG_MTIM));
    }
    // The same through a directory that was opened beneath.
    assert_int_equal(guest_open(guest, proc, "fd", 0, WASI_OFLAG_DIRECTORY, WASI_RIGHTS_DIRECTORY,
                                &fd), 0);
    snprintf(path, sizeof path, "%d/secret", directory);
    uint32_t file;
    assert_refused(guest_open(guest, fd, path, follow, 0, 0, &file));
    close(directory);
}

// What is no link can be read.
static void leave_files_alone(void **state) {
    struct guest *guest = *state;
    uint32_t proc = grant_proc(guest), fd;
    assert_int_equal(guest_open(guest, proc, "status", 0, 0, WASI_RIGHT_FD_READ, &fd), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PATH_TEST(lead_nowhere),
        PATH_TEST(leave_files_alone),
    };
    return RUN_PATH_TESTS("magic links", tests);
}
