// Fuzzes the path sandbox: sequences of operations on paths made of names, dots, slashes and links,
// in a small tree with links that lead out. Whatever happens,
//
//   - what is opened lies beneath the granted directory, as the kernel itself names it;
//   - the folder outside stays as it was;
//   - both modes of lookup agree on which paths can be reached, and on where they lead.
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../tests/support.h"

enum { PATH = 0x1000, OTHER_PATH = 0x4000, RESULT = 0x40, OPERATION_LIMIT = 24 };

static struct guest *guest;

// A path in guest memory.
struct text {
    uint32_t address, length;
};

struct input {
    const uint8_t *position, *end;
};

static uint8_t take(struct input *input) {
    return input->position < input->end ? *input->position++ : 0;
}

// Builds a path of tokens: most bytes stand for a name of the tree, some for themselves.
static struct text take_path(struct input *input, uint32_t address) {
    static const char *const tokens[] = {"/",    "..",  ".",   "/../", "dir", "deep", "file", "mine",
                                         "in",   "out", "abs", "up",   "loop", "made", "secret",
                                         "outside", "/./", "//", "root", "way"};
    enum { TOKENS = sizeof tokens / sizeof tokens[0] };
    struct text text = {address, 0};
    uint8_t byte;
    while ((byte = take(input)) != 0 && text.length < 200) {
        const char *token = tokens[byte % TOKENS];
        size_t length = byte < 200 ? strlen(token) : 1;
        memcpy(guest->memory.base + address + text.length, byte < 200 ? token : (char *)&byte,
               length);
        text.length += (uint32_t)length;
    }
    return text;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk) {
    (void)status;
    (void)type;
    if (walk->level > 0) remove(path);
    return 0;
}

// Whether anything may have been changed since the tree was made.
static bool is_changed = true;

static void reset_tree(void) {
    char root[PATH_MAX];
    if (!is_changed) return;
    is_changed = false;
    host_path(guest, "root", root);
    nftw(root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    host_write(guest, "root/mine", "mine");
    host_mkdir(guest, "root/dir");
    host_mkdir(guest, "root/dir/deep");
    host_write(guest, "root/dir/deep/file", "file");
    host_symlink(guest, "dir/deep", "root/in");
    host_symlink(guest, "../outside", "root/out");
    host_symlink(guest, "/", "root/abs");
    host_symlink(guest, "..", "root/dir/up");
    host_symlink(guest, "../..", "root/dir/deep/up");
    host_symlink(guest, "loop", "root/loop");
    host_symlink(guest, "dir/up/outside", "root/way");
}

static void require(bool holds, const char *what) {
    if (holds) return;
    fprintf(stderr, "does not hold: %s\n", what);
    abort();
}

static void check_outside(void) {
    char path[PATH_MAX];
    struct stat status;
    host_path(guest, "outside", path);
    require(stat(path, &status) == 0 && status.st_nlink == 2, "outside is a directory of its own");
    host_path(guest, "outside/secret", path);
    require(stat(path, &status) == 0 && status.st_size == 6 && status.st_nlink == 1,
            "the secret is as it was");
    require(status.st_mtim.tv_sec > 1, "the secret's time is as it was");
    static const char *const names[] = {"outside/made", "outside/mine", "outside/file",
                                        "outside/dir"};
    for (size_t index = 0; index < sizeof names / sizeof names[0]; index++) {
        host_path(guest, names[index], path);
        require(lstat(path, &status) != 0, "nothing is made outside");
    }
}

static void check_descriptor(uint32_t fd) {
    struct wasi_fd *entry;
    char link[64], target[PATH_MAX], root[PATH_MAX];
    require(fd_table_get(&guest->context, fd, 0, &entry) == WASI_SUCCESS, "the descriptor is open");
    snprintf(link, sizeof link, "/proc/self/fd/%d", entry->host);
    ssize_t length = readlink(link, target, sizeof target - 1);
    require(length > 0, "the kernel names the descriptor");
    target[length] = 0;
    host_path(guest, "root", root);
    size_t root_length = strlen(root);
    bool is_beneath = strncmp(target, root, root_length) == 0 &&
                      (target[root_length] == 0 || target[root_length] == '/' ||
                       target[root_length] == ' ');  // " (deleted)"
    require(is_beneath, "what was opened is beneath the granted directory");
}

// Opens or looks at a path in both modes; they must agree.
static void compare_modes(struct text path, uint32_t follow, bool opens) {
    struct smelt_context *context = &guest->context;
    uint32_t errors[2];
    uint64_t inodes[2] = {0, 0};
    for (int mode = 0; mode < 2; mode++) {
        host_path_lookup = mode == 0 ? PATH_LOOKUP_OPENAT2 : PATH_LOOKUP_WALK;
        if (opens) {
            errors[mode] =
                WASI(path_open)(context, guest->root, follow, path.address, path.length, 0,
                                WASI_RIGHT_FD_READ | WASI_RIGHT_FD_FILESTAT_GET, 0, 0, RESULT);
            if (errors[mode] != WASI_SUCCESS) continue;
            uint32_t fd = guest_get_u32(guest, RESULT);
            check_descriptor(fd);
            require(WASI(fd_filestat_get)(context, fd, RESULT) == 0, "fstat works");
            WASI(fd_close)(context, fd);
        } else {
            errors[mode] = WASI(path_filestat_get)(context, guest->root, follow, path.address,
                                                   path.length, RESULT);
        }
        if (errors[mode] == WASI_SUCCESS) inodes[mode] = guest_get_u64(guest, RESULT + 8);
    }
    require((errors[0] == 0) == (errors[1] == 0), "both modes reach the same paths");
    require(inodes[0] == inodes[1], "both modes lead to the same file");
}

static void change(uint8_t operation, struct text path, struct text other, uint32_t follow) {
    struct smelt_context *context = &guest->context;
    const uint32_t root = guest->root;
    is_changed = true;
    switch (operation % 8) {
    case 0: WASI(path_create_directory)(context, root, path.address, path.length); break;
    case 1: WASI(path_remove_directory)(context, root, path.address, path.length); break;
    case 2: WASI(path_unlink_file)(context, root, path.address, path.length); break;
    case 3:
        WASI(path_rename)(context, root, path.address, path.length, root, other.address,
                          other.length);
        break;
    case 4:
        WASI(path_link)(context, root, follow, path.address, path.length, root, other.address,
                        other.length);
        break;
    case 5:
        WASI(path_symlink)(context, other.address, other.length, root, path.address, path.length);
        break;
    case 6:
        WASI(path_filestat_set_times)(context, root, follow, path.address, path.length, 1, 1,
                                      WASI_FSTFLAG_MTIM);
        break;
    default:
        if (WASI(path_open)(context, root, follow, path.address, path.length,
                            WASI_OFLAG_CREAT | (operation & 64 ? WASI_OFLAG_TRUNC : 0),
                            WASI_RIGHT_FD_WRITE, 0, 0, RESULT) == WASI_SUCCESS) {
            check_descriptor(guest_get_u32(guest, RESULT));
            WASI(fd_close)(context, guest_get_u32(guest, RESULT));
        }
    }
}

static void destroy(void) { guest_destroy(guest); }

int LLVMFuzzerInitialize(int *count, char ***arguments);
int LLVMFuzzerInitialize(int *count, char ***arguments) {
    (void)count;
    (void)arguments;
    guest = guest_create();
    atexit(destroy);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct input input = {data, data + size};
    reset_tree();
    for (int count = 0; input.position < input.end && count < OPERATION_LIMIT; count++) {
        uint8_t operation = take(&input);
        uint32_t follow = operation >> 3 & 1;
        struct text path = take_path(&input, PATH);
        if ((operation & 0x80) != 0) {
            compare_modes(path, follow, (operation & 1) != 0);
            continue;
        }
        struct text other = take_path(&input, OTHER_PATH);
        host_path_lookup = (operation & 0x20) != 0 ? PATH_LOOKUP_WALK : PATH_LOOKUP_OPENAT2;
        change(operation, path, other, follow);
    }
    check_outside();
    return 0;
}
