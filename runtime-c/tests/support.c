// What the tests share; see support.h.
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

void host_path(const struct guest *guest, const char *path, char result[PATH_MAX]) {
    size_t folder = strlen(guest->folder);
    assert_true(folder + 1 + strlen(path) < PATH_MAX);
    memcpy(result, guest->folder, folder);
    result[folder] = '/';
    strcpy(result + folder + 1, path);
}

void host_write(const struct guest *guest, const char *path, const char *content) {
    char full[PATH_MAX];
    host_path(guest, path, full);
    FILE *file = fopen(full, "w");
    assert_non_null(file);
    assert_true(fputs(content, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

void host_mkdir(const struct guest *guest, const char *path) {
    char full[PATH_MAX];
    host_path(guest, path, full);
    assert_int_equal(mkdir(full, 0777), 0);
}

void host_symlink(const struct guest *guest, const char *target, const char *path) {
    char full[PATH_MAX];
    host_path(guest, path, full);
    assert_int_equal(symlink(target, full), 0);
}

struct guest *guest_create(void) {
    struct guest *guest = calloc(1, sizeof *guest);
    assert_non_null(guest);
    guest->memory.base = calloc(1, GUEST_MEMORY_SIZE);
    guest->memory.byte_size = GUEST_MEMORY_SIZE;
    guest->memory.page_size_log2 = 16;
    guest->context.memory = &guest->memory;
    guest->context.wasi = &guest->state;
    strcpy(guest->folder, "/tmp/smelt-runtime-test-XXXXXX");
    assert_non_null(mkdtemp(guest->folder));
    host_mkdir(guest, "root");
    host_mkdir(guest, "outside");
    host_write(guest, "outside/secret", "secret");

    fd_table_adopt_streams(&guest->state);
    char root[PATH_MAX];
    host_path(guest, "root", root);
    struct wasi_fd entry;
    int host = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(host >= 0);
    assert_int_equal(
        wasi_fd_describe(host, WASI_RIGHTS_DIRECTORY, WASI_RIGHTS_INHERITING, &entry), 0);
    entry.preopen_name = "/";
    entry.preopen_name_length = 1;
    assert_int_equal(fd_table_insert(&guest->state.fds, &entry, &guest->root), 0);
    return guest;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk) {
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

void guest_destroy(struct guest *guest) {
    for (uint32_t fd = 3; fd < 64; fd++) {
        struct wasi_fd *entry;
        if (fd_table_get(&guest->context, fd, 0, &entry) == WASI_SUCCESS) fd_table_close(entry);
    }
    kept_directories_close(&guest->state.host.kept);
    nftw(guest->folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    free(guest->memory.base);
    free(guest);
}

int guest_setup(void **state) {
    *state = guest_create();
    return 0;
}

int guest_teardown(void **state) {
    guest_destroy(*state);
    return 0;
}

uint32_t guest_put(struct guest *guest, uint32_t address, const void *bytes, size_t length) {
    uint8_t *pointer = guest_range(&guest->context, address, length);
    assert_non_null(pointer);
    memcpy(pointer, bytes, length);
    return address;
}

uint32_t guest_put_text(struct guest *guest, uint32_t address, const char *text) {
    return guest_put(guest, address, text, strlen(text));
}

uint32_t guest_get_u32(const struct guest *guest, uint32_t address) {
    return guest_load_u32(guest->memory.base + address);
}

uint64_t guest_get_u64(const struct guest *guest, uint32_t address) {
    return guest_load_u64(guest->memory.base + address);
}

uint32_t guest_put_vector(struct guest *guest, uint32_t address, uint32_t buffer,
                          uint32_t length) {
    guest_put(guest, address, &buffer, sizeof buffer);
    guest_put(guest, address + WASI_IOVEC_LENGTH, &length, sizeof length);
    return address;
}

uint32_t guest_open(struct guest *guest, uint32_t directory, const char *path,
                    uint32_t lookup_flags, uint32_t oflags, uint64_t rights, uint32_t *fd) {
    enum { PATH = 0x4000, RESULT = 0x3ff0 };
    guest_put_text(guest, PATH, path);
    uint32_t error =
        WASI(path_open)(&guest->context, directory, lookup_flags, PATH, (uint32_t)strlen(path),
                        oflags, rights, 0, 0, RESULT);
    *fd = guest_get_u32(guest, RESULT);
    return error;
}

int run_in_child(void (*function)(void *), void *argument, char *output, size_t output_size) {
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        // cmocka's handlers would go on with the next test, in the child.
        signal(SIGSEGV, SIG_DFL);
        signal(SIGBUS, SIG_DFL);
        dup2(ends[1], STDERR_FILENO);
        function(argument);
        _exit(0);
    }
    close(ends[1]);
    size_t used = 0;
    ssize_t length;
    while ((length = read(ends[0], output + used, output_size - 1 - used)) > 0) {
        used += (size_t)length;
    }
    output[used] = 0;
    close(ends[0]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}
