// Just enough WASI for wasm2c's programs: arguments, standard streams, files of this folder and
// the end. wasm2c comes without any. The header that it wrote is included by the command line.
//
// No path is checked and errors are one number: this is for measuring trusted programs only.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OK = 0, BAD_DESCRIPTOR = 8, IO_ERROR = 29, NO_ENTRY = 44, FOLDER = 3 };
struct w2c_wasi__snapshot__preview1 { w2c_prog *program; int count; char **arguments; };
typedef struct w2c_wasi__snapshot__preview1 *wasi;

static uint8_t *at(wasi self, uint32_t address) {
    return w2c_prog_memory(self->program)->data + address;
}

static uint32_t load(wasi self, uint32_t address) {
    uint32_t value;
    memcpy(&value, at(self, address), sizeof value);
    return value;
}

static void store(wasi self, uint32_t address, uint32_t value) {
    memcpy(at(self, address), &value, sizeof value);
}

#define WASI(name) w2c_wasi__snapshot__preview1_##name

u32 WASI(args_sizes_get)(wasi self, u32 count, u32 size) {
    uint32_t bytes = 0;
    for (int i = 0; i < self->count; i++) bytes += (uint32_t)strlen(self->arguments[i]) + 1;
    store(self, count, (uint32_t)self->count);
    store(self, size, bytes);
    return OK;
}

u32 WASI(args_get)(wasi self, u32 pointers, u32 texts) {
    for (int i = 0; i < self->count; i++) {
        size_t size = strlen(self->arguments[i]) + 1;
        store(self, pointers + 4 * (uint32_t)i, texts);
        memcpy(at(self, texts), self->arguments[i], size);
        texts += (uint32_t)size;
    }
    return OK;
}

u32 WASI(fd_close)(wasi self, u32 fd) { return close((int)fd) == 0 ? OK : BAD_DESCRIPTOR; }

u32 WASI(fd_fdstat_get)(wasi self, u32 fd, u32 out) {
    memset(at(self, out), 0, 24);
    *at(self, out) = fd == FOLDER ? 3 : fd < FOLDER ? 2 : 4;
    memset(at(self, out + 8), 0xff, 16);
    return OK;
}

u32 WASI(fd_fdstat_set_flags)(wasi self, u32 fd, u32 flags) { return OK; }

u32 WASI(fd_prestat_get)(wasi self, u32 fd, u32 out) {
    if (fd != FOLDER) return BAD_DESCRIPTOR;
    store(self, out, 0);
    store(self, out + 4, 1);
    return OK;
}

u32 WASI(fd_prestat_dir_name)(wasi self, u32 fd, u32 path, u32 size) {
    *at(self, path) = '.';
    return OK;
}

u32 WASI(path_open)(wasi self, u32 fd, u32 look, u32 path, u32 size, u32 how, u64 rights,
                    u64 inherited, u32 flags, u32 out) {
    enum { MAY_READ = 2, MAY_WRITE = 64 };
    char name[256] = {0};
    if (size >= sizeof name) return NO_ENTRY;
    memcpy(name, at(self, path), size);
    int mode = !(rights & MAY_WRITE) ? O_RDONLY : rights & MAY_READ ? O_RDWR : O_WRONLY;
    mode |= (how & 1 ? O_CREAT : 0) | (how & 4 ? O_EXCL : 0) | (how & 8 ? O_TRUNC : 0);
    int opened = open(name, mode | (flags & 1 ? O_APPEND : 0), 0666);
    if (opened < 0) return NO_ENTRY;
    store(self, out, (uint32_t)opened);
    return OK;
}

u32 WASI(path_unlink_file)(wasi self, u32 fd, u32 path, u32 size) {
    char name[256] = {0};
    if (size >= sizeof name) return NO_ENTRY;
    memcpy(name, at(self, path), size);
    return unlink(name) == 0 ? OK : NO_ENTRY;
}

static int gather(wasi self, u32 vectors, u32 count, struct iovec *out) {
    int used = count < 16 ? (int)count : 16;
    for (int i = 0; i < used; i++) {
        uint32_t place = vectors + 8 * (uint32_t)i;
        out[i] = (struct iovec){at(self, load(self, place)), load(self, place + 4)};
    }
    return used;
}

static u32 finish(wasi self, ssize_t moved, u32 out) {
    if (moved < 0) return IO_ERROR;
    store(self, out, (uint32_t)moved);
    return OK;
}

u32 WASI(fd_read)(wasi self, u32 fd, u32 vectors, u32 count, u32 out) {
    struct iovec ranges[16];
    return finish(self, readv((int)fd, ranges, gather(self, vectors, count, ranges)), out);
}

u32 WASI(fd_write)(wasi self, u32 fd, u32 vectors, u32 count, u32 out) {
    struct iovec ranges[16];
    return finish(self, writev((int)fd, ranges, gather(self, vectors, count, ranges)), out);
}

u32 WASI(fd_seek)(wasi self, u32 fd, u64 offset, u32 whence, u32 out) {
    off_t place = lseek((int)fd, (off_t)offset, (int)whence);
    if (place < 0) return IO_ERROR;
    memcpy(at(self, out), &place, 8);
    return OK;
}

void WASI(proc_exit)(wasi self, u32 status) { exit((int)status); }

int main(int count, char **arguments) {
    static w2c_prog program;
    struct w2c_wasi__snapshot__preview1 system = {&program, count, arguments};
    // Programs expect their folder as descriptor 3, and the shim to know it as that.
    if (dup2(open(".", O_RDONLY | O_DIRECTORY), FOLDER) != FOLDER) return 70;
    wasm_rt_init();
    wasm2c_prog_instantiate(&program, &system);
    w2c_prog_0x5Fstart(&program);
    return 0;
}
