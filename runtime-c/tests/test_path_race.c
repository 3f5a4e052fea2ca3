// A directory that another process exchanges for a symbolic link, over and over, while the guest
// uses paths through it. Whatever the guest catches, it is never what lies outside.
//
// Ten seconds in each mode of lookup; SMELT_RACE_SECONDS chooses another time.
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "path_attack.h"

enum { RENAME_EXCHANGE_FLAG = 2, BUFFER = 0x200, VECTOR = 0x300, USED = 0x310 };

// Exchanges "dir" and the link "way", which leads outside, until it is killed.
static pid_t start_exchanging(const struct guest *guest) {
    char directory[PATH_MAX], link[PATH_MAX];
    host_path(guest, "root/dir", directory);
    host_path(guest, "root/way", link);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child != 0) return child;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    while (true) {
        syscall(SYS_renameat2, AT_FDCWD, directory, AT_FDCWD, link, RENAME_EXCHANGE_FLAG);
    }
}

struct tally {
    unsigned reached, refused;
};

// Reads a file that exists inside and outside, with different contents.
static void read_through(struct guest *guest, const char *path, struct tally *tally) {
    uint32_t fd;
    uint32_t error = guest_open(guest, guest->root, path, WASI_LOOKUP_SYMLINK_FOLLOW, 0,
                                WASI_RIGHT_FD_READ, &fd);
    if (error != WASI_SUCCESS) {
        tally->refused++;
        return;
    }
    guest_put_vector(guest, VECTOR, BUFFER, 7);
    assert_int_equal(WASI(fd_read)(&guest->context, fd, VECTOR, 1, USED), 0);
    assert_memory_equal(guest->memory.base + BUFFER, "inside", 6);
    assert_int_equal(WASI(fd_close)(&guest->context, fd), 0);
    tally->reached++;
}

// Makes, renames and removes entries; afterwards nothing of it may be outside.
static void change_through(struct guest *guest) {
    struct smelt_context *context = &guest->context;
    uint32_t root = guest->root, fd;
    if (guest_open(guest, root, "dir/made", 0, WASI_OFLAG_CREAT, WASI_RIGHT_FD_WRITE, &fd) == 0) {
        WASI(fd_close)(context, fd);
    }
    guest_put_text(guest, 0x100, "dir/made");
    guest_put_text(guest, 0x110, "dir/name");
    guest_put_text(guest, 0x120, "dir/fold");
    WASI(path_rename)(context, root, 0x100, 8, root, 0x110, 8);
    WASI(path_link)(context, root, 0, 0x110, 8, root, 0x100, 8);
    WASI(path_create_directory)(context, root, 0x120, 8);
    WASI(path_remove_directory)(context, root, 0x120, 8);
    WASI(path_symlink)(context, 0x100, 4, root, 0x120, 8);
    WASI(path_unlink_file)(context, root, 0x120, 8);
    WASI(path_unlink_file)(context, root, 0x110, 8);
    WASI(path_unlink_file)(context, root, 0x100, 8);
    WASI(path_filestat_set_times)(context, root, 1, 0x100, 8, 1, 1, WASI_FSTFLAG_MTIM);
}

static void assert_nothing_outside(const struct guest *guest, time_t before) {
    static const char *const names[] = {"outside/made", "outside/name", "outside/fold"};
    char path[PATH_MAX];
    struct stat status;
    for (size_t index = 0; index < sizeof names / sizeof names[0]; index++) {
        host_path(guest, names[index], path);
        if (lstat(path, &status) == 0) fail_msg("%s was made", names[index]);
    }
    host_path(guest, "outside/file", path);
    assert_int_equal(lstat(path, &status), 0);
    assert_true(status.st_mtim.tv_sec >= before);
}

static time_t seconds(void) {
    const char *chosen = getenv("SMELT_RACE_SECONDS");
    return chosen != NULL ? atoi(chosen) : 10;
}

static void never_leads_out(void **state) {
    struct guest *guest = *state;
    host_write(guest, "root/dir/file", "inside");
    host_write(guest, "outside/file", "OUTSIDE");
    host_mkdir(guest, "outside/deep");
    host_write(guest, "outside/deep/file", "OUTSIDE");
    host_write(guest, "root/dir/deep/file", "inside");
    host_symlink(guest, "../outside", "root/way");
    host_symlink(guest, "dir/file", "root/link");
    host_symlink(guest, "../dir/deep", "root/dir/alias");
    struct tally tally = {0, 0};
    time_t begin = time(NULL), end = begin + seconds();
    pid_t child = start_exchanging(guest);
    while (time(NULL) < end) {
        for (int round = 0; round < 20; round++) {
            read_through(guest, "dir/file", &tally);
            read_through(guest, "dir/deep/../file", &tally);
            read_through(guest, "dir/alias/../deep/file", &tally);
            read_through(guest, "link", &tally);
            stat_path(guest, "dir/file", WASI_LOOKUP_SYMLINK_FOLLOW);
            change_through(guest);
        }
        assert_nothing_outside(guest, begin - 1);
    }
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    print_message("reached %u times, refused %u times\n", tally.reached, tally.refused);
    // Both must have been there, or nothing was tried.
    assert_true(tally.reached > 0 && tally.refused > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {PATH_TEST(never_leads_out)};
    return RUN_PATH_TESTS("race", tests);
}
