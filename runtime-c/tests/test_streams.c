// What descriptors are for programs: terminals, other character devices, and numbers on the host.
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support.h"

// As wasi-libc's isatty() decides.
static bool is_terminal(struct wasi_fd *entry) {
    const uint64_t positioning = WASI_RIGHT_FD_SEEK | WASI_RIGHT_FD_TELL;
    return entry->file_type == WASI_FILETYPE_CHARACTER_DEVICE &&
           (entry->rights_base & positioning) == 0;
}

static struct wasi_fd describe(int host) {
    struct wasi_fd entry;
    assert_true(host >= 0);
    assert_int_equal(wasi_fd_describe(host, WASI_RIGHTS_ALL, 0, &entry), 0);
    close(host);
    return entry;
}

static void terminals_are_terminals(void **state) {
    (void)state;
    int controller = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(controller >= 0);
    assert_int_equal(grantpt(controller), 0);
    assert_int_equal(unlockpt(controller), 0);
    struct wasi_fd terminal = describe(open(ptsname(controller), O_RDWR | O_NOCTTY));
    assert_true(is_terminal(&terminal));
    close(controller);
}

static void nothing_else_is(void **state) {
    (void)state;
    const char *const names[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/urandom"};
    for (size_t index = 0; index < sizeof names / sizeof names[0]; index++) {
        struct wasi_fd entry = describe(open(names[index], O_RDWR));
        assert_int_equal(entry.file_type, WASI_FILETYPE_CHARACTER_DEVICE);
        assert_false(is_terminal(&entry));
    }
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    close(ends[1]);
    struct wasi_fd reader = describe(ends[0]);
    assert_false(is_terminal(&reader));
}

static void files_leave_the_streams_numbers(void **state) {
    struct guest *guest = *state;
    uint32_t fd;
    int saved = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 10);
    close(STDIN_FILENO);
    host_write(guest, "root/file", "x");
    assert_int_equal(guest_open(guest, guest->root, "file", 0, 0, WASI_RIGHT_FD_READ, &fd), 0);
    struct wasi_fd *entry;
    assert_int_equal(fd_table_find(&guest->context, fd, &entry), 0);
    assert_true(entry->host > STDERR_FILENO);
    assert_int_equal(fcntl(STDIN_FILENO, F_GETFD), -1);
    dup2(saved, STDIN_FILENO);
    close(saved);
}

// What is closed stays so for the guest, and is taken on the host.
static void take_closed(void *argument) {
    (void)argument;
    static struct wasi_state streams;
    struct stat status;
    close(STDIN_FILENO);
    close(STDOUT_FILENO);
    close(STDERR_FILENO);
    fd_table_adopt_streams(&streams);
    for (uint32_t fd = 0; fd < 3; fd++) {
        bool is_device = fstat((int)fd, &status) == 0 && S_ISCHR(status.st_mode);
        if (streams.fds.first[fd].is_open || !is_device) _exit(9);
    }
}

static void closed_streams_are_taken(void **state) {
    (void)state;
    char output[10];
    assert_int_equal(run_in_child(take_closed, NULL, output, sizeof output), 0);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, guest_setup, guest_teardown)
    const struct CMUnitTest tests[] = {
        TEST(terminals_are_terminals),
        TEST(nothing_else_is),
        TEST(files_leave_the_streams_numbers),
        TEST(closed_streams_are_taken),
    };
    return cmocka_run_group_tests_name("streams", tests, NULL, NULL);
}
