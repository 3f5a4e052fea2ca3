// The memory of processes on /proc: written to, that of the program itself would change whatever the
// guest likes, past every check. It is no link, so nothing but its name and file system tell.
#include "path_attack.h"

static uint32_t grant(struct guest *guest, const char *path) {
    struct wasi_fd entry;
    uint32_t fd;
    int host = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(host >= 0);
    assert_int_equal(
        wasi_fd_describe(host, WASI_RIGHTS_DIRECTORY, WASI_RIGHTS_INHERITING, &entry), 0);
    entry.is_proc = path_is_on_proc(host);
    entry.preopen_name = "/granted";
    entry.preopen_name_length = 8;
    assert_int_equal(fd_table_insert(&guest->state.fds, &entry, &fd), 0);
    return fd;
}

static void assert_refused(struct guest *guest, uint32_t directory, const char *path) {
    static const uint64_t rights[] = {WASI_RIGHT_FD_READ, WASI_RIGHT_FD_WRITE,
                                      WASI_RIGHT_FD_READ | WASI_RIGHT_FD_WRITE, 0};
    for (size_t index = 0; index < sizeof rights / sizeof rights[0]; index++) {
        for (uint32_t lookup = 0; lookup <= WASI_LOOKUP_SYMLINK_FOLLOW; lookup++) {
            uint32_t fd, error = guest_open(guest, directory, path, lookup, 0, rights[index], &fd);
            // A link that is not followed is a loop.
            if (error == WASI_LOOP && lookup == 0) continue;
            if (error != WASI_PERM) fail_msg("%s: errno %u", path, error);
        }
    }
}

static uint32_t open_directory(struct guest *guest, uint32_t from, const char *path) {
    enum { PATH = 0x4000, RESULT = 0x3ff0 };
    guest_put_text(guest, PATH, path);
    // With rights for what is opened from it, or those would be missing and nothing be tried.
    assert_int_equal(WASI(path_open)(&guest->context, from, WASI_LOOKUP_SYMLINK_FOLLOW, PATH,
                                     (uint32_t)strlen(path), WASI_OFLAG_DIRECTORY,
                                     WASI_RIGHTS_DIRECTORY, WASI_RIGHTS_INHERITING, 0, RESULT), 0);
    return guest_get_u32(guest, RESULT);
}

static void is_refused_when_proc_is_granted(void **state) {
    struct guest *guest = *state;
    uint32_t proc = grant(guest, "/proc"), self = grant(guest, "/proc/self");
    char task[64], process[64];
    snprintf(process, sizeof process, "%d/./mem", (int)getpid());
    snprintf(task, sizeof task, "task/%d/mem", (int)getpid());
    assert_refused(guest, proc, "self/mem");
    assert_refused(guest, proc, "thread-self/mem");
    assert_refused(guest, proc, "1/../self//mem");
    assert_refused(guest, proc, process);
    assert_refused(guest, self, "mem");
    assert_refused(guest, self, "./mem");
    assert_refused(guest, self, task);
    uint32_t opened = open_directory(guest, proc, "self"), fd;
    assert_int_equal(guest_open(guest, opened, "status", 0, 0, WASI_RIGHT_FD_READ, &fd), 0);
    assert_refused(guest, opened, "mem");
    assert_refused(guest, open_directory(guest, self, "task"), task + 5);
    assert_refused(guest, open_directory(guest, open_directory(guest, proc, "self"), "."), "mem");
}

static void is_refused_when_all_is_granted(void **state) {
    struct guest *guest = *state;
    uint32_t all = grant(guest, "/");
    char link[PATH_MAX];
    assert_refused(guest, all, "proc/self/mem");
    assert_refused(guest, open_directory(guest, all, "proc"), "self/mem");
    assert_refused(guest, open_directory(guest, all, "proc/self"), "mem");
    assert_refused(guest, open_directory(guest, open_directory(guest, all, "proc"), "self"), "mem");
    // Links with innocent names.
    host_symlink(guest, "../../../proc/self/mem", "root/mine-too");
    host_symlink(guest, "../../../proc/self", "root/me");
    snprintf(link, sizeof link, "%s/root/mine-too", guest->folder + 1);
    assert_refused(guest, all, link);
    snprintf(link, sizeof link, "%s/root/me/mem", guest->folder + 1);
    assert_refused(guest, all, link);
}

// Everything else keeps working: files of /proc, and files that happen to have the name.
static void other_files_are_not(void **state) {
    struct guest *guest = *state;
    uint32_t all = grant(guest, "/"), proc = open_directory(guest, all, "proc"), fd;
    const uint32_t follow = WASI_LOOKUP_SYMLINK_FOLLOW;
    assert_int_equal(guest_open(guest, all, "proc/self/status", follow, 0, WASI_RIGHT_FD_READ, &fd),
                     0);
    assert_int_equal(guest_open(guest, proc, "mounts", follow, 0, WASI_RIGHT_FD_READ, &fd), 0);
    assert_int_equal(guest_open(guest, proc, "meminfo", 0, 0, WASI_RIGHT_FD_READ, &fd), 0);
    host_write(guest, "root/mem", "mine");
    assert_int_equal(open_path(guest, "mem", 0), WASI_SUCCESS);
    assert_int_equal(stat_path(guest, "mem", 0), WASI_SUCCESS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PATH_TEST(is_refused_when_proc_is_granted),
        PATH_TEST(is_refused_when_all_is_granted),
        PATH_TEST(other_files_are_not),
    };
    return RUN_PATH_TESTS("process memory", tests);
}
