// What a host descriptor is, in WASI's terms: its type, and the rights that go with the type.
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "fd_table.h"
#include "host/embedded.h"
#include "host/host_calls.h"
#include "rights.h"
#include "wasi.h"

uint8_t wasi_filetype_from_mode(mode_t mode) {
    switch (mode & S_IFMT) {
    case S_IFREG: return WASI_FILETYPE_REGULAR_FILE;
    case S_IFDIR: return WASI_FILETYPE_DIRECTORY;
    case S_IFCHR: return WASI_FILETYPE_CHARACTER_DEVICE;
    case S_IFBLK: return WASI_FILETYPE_BLOCK_DEVICE;
    case S_IFLNK: return WASI_FILETYPE_SYMBOLIC_LINK;
    case S_IFSOCK: return WASI_FILETYPE_SOCKET_STREAM;
    default: return WASI_FILETYPE_UNKNOWN;  // preview 1 has no word for a pipe
    }
}

static uint8_t socket_filetype(int host) {
    int type = SOCK_STREAM;
    socklen_t size = sizeof type;
    getsockopt(host, SOL_SOCKET, SO_TYPE, &type, &size);
    return type == SOCK_DGRAM ? WASI_FILETYPE_SOCKET_DGRAM : WASI_FILETYPE_SOCKET_STREAM;
}

uint64_t wasi_rights_of_type(uint8_t type) {
    switch (type) {
    case WASI_FILETYPE_DIRECTORY: return WASI_RIGHTS_DIRECTORY;
    case WASI_FILETYPE_SOCKET_STREAM:
    case WASI_FILETYPE_SOCKET_DGRAM: return WASI_RIGHTS_SOCKET;
    default: return WASI_RIGHTS_FILE;
    }
}

static bool is_terminal(int host) {
    struct winsize size;
    return ioctl(host, TIOCGWINSZ, &size) == 0;
}

uint32_t wasi_fd_describe(int host, uint64_t rights_base, uint64_t rights_inheriting,
                          struct wasi_fd *entry) {
    struct stat status;
    if (host_fstat(host, &status) != 0) return wasi_errno_from_linux(errno);
    memset(entry, 0, sizeof *entry);
    entry->is_open = true;
    entry->is_described = true;
    entry->host = host;
    entry->file_type = wasi_filetype_from_mode(status.st_mode);
    if (S_ISSOCK(status.st_mode)) entry->file_type = socket_filetype(host);
    entry->rights_base = rights_base & wasi_rights_of_type(entry->file_type);
    if (S_ISCHR(status.st_mode) && is_terminal(host)) entry->rights_base &= ~WASI_RIGHTS_POSITION;
    if (entry->file_type == WASI_FILETYPE_DIRECTORY) {
        entry->rights_inheriting = rights_inheriting & WASI_RIGHTS_INHERITING;
    }
    // WASI reports a reader that went away as errno pipe, so the signal must not kill first. Only
    // a program that has a pipe or a socket pays for the system call.
    bool has_reader = S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode);
    if (has_reader && signal(SIGPIPE, SIG_IGN) == SIG_ERR) return wasi_errno_from_linux(errno);
    return WASI_SUCCESS;
}

void wasi_fd_describe_embedded(const struct smelt_embedded_node *node, uint64_t rights_base,
                               uint64_t rights_inheriting, struct wasi_fd *entry) {
    memset(entry, 0, sizeof *entry);
    entry->is_open = true;
    entry->is_described = true;
    entry->is_read_only = true;
    entry->file_type = wasi_filetype_from_mode(embedded_mode(node));
    entry->host = -1;
    entry->node = node;
    entry->rights_base = rights_base & wasi_rights_of_type(entry->file_type);
    if (entry->file_type == WASI_FILETYPE_DIRECTORY) {
        entry->rights_inheriting = rights_inheriting & WASI_RIGHTS_INHERITING;
    }
}
