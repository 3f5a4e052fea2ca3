// path_open.
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "core/system_calls.h"
#include "fdflags.h"
#include "core/guest.h"
#include "guest_path.h"
#include "host/host_calls.h"
#include "smelt/wasi_functions.h"
#include "state.h"
#include "wasi.h"

// What the guest asks for, besides the path.
struct open_request {
    uint32_t oflags;
    uint32_t fdflags;
    uint64_t rights_base;
    uint64_t rights_inheriting;
};

uint32_t fd_table_describe(struct wasi_fd *entry) {
    struct wasi_fd described;
    uint32_t error = wasi_fd_describe(entry->host, entry->rights_base, entry->rights_inheriting,
                                      &described);
    if (error != WASI_SUCCESS) return error;
    described.flags = entry->flags;
    described.is_read_only = entry->is_read_only;
    described.is_proc = entry->is_proc;
    *entry = described;
    return WASI_SUCCESS;
}

static uint32_t check_flags(const struct open_request *request) {
    if ((request->oflags & ~(uint32_t)WASI_OFLAGS_ALL) != 0) return WASI_INVAL;
    if ((request->fdflags & ~(uint32_t)WASI_FDFLAGS_ALL) != 0) return WASI_INVAL;
    const uint32_t contradiction = WASI_OFLAG_CREAT | WASI_OFLAG_DIRECTORY;
    return (request->oflags & contradiction) == contradiction ? WASI_INVAL : WASI_SUCCESS;
}

// The rights that the directory itself must have.
static uint64_t directory_rights(const struct open_request *request) {
    uint64_t rights = WASI_RIGHT_PATH_OPEN;
    if ((request->oflags & WASI_OFLAG_CREAT) != 0) rights |= WASI_RIGHT_PATH_CREATE_FILE;
    if ((request->oflags & WASI_OFLAG_TRUNC) != 0) rights |= WASI_RIGHT_PATH_FILESTAT_SET_SIZE;
    return rights;
}

// The rights that the directory must be able to hand down.
static uint64_t inherited_rights(const struct open_request *request) {
    uint64_t rights = request->rights_base | request->rights_inheriting;
    if ((request->fdflags & WASI_FDFLAG_DSYNC) != 0) rights |= WASI_RIGHT_FD_DATASYNC;
    if ((request->fdflags & (WASI_FDFLAG_RSYNC | WASI_FDFLAG_SYNC)) != 0) {
        rights |= WASI_RIGHT_FD_SYNC;
    }
    return rights;
}

// Whether the file is opened to be changed.
static bool writes(const struct open_request *request) {
    const uint64_t writing =
        WASI_RIGHT_FD_WRITE | WASI_RIGHT_FD_ALLOCATE | WASI_RIGHT_FD_FILESTAT_SET_SIZE;
    return (request->rights_base & writing) != 0 || (request->oflags & WASI_OFLAG_TRUNC) != 0;
}

static int host_flags(const struct open_request *request) {
    const uint64_t reading = WASI_RIGHT_FD_READ | WASI_RIGHT_FD_READDIR;
    bool reads = (request->rights_base & reading) != 0;
    int flags = writes(request) ? (reads ? O_RDWR : O_WRONLY) : O_RDONLY;
    if ((request->oflags & WASI_OFLAG_CREAT) != 0) flags |= O_CREAT;
    if ((request->oflags & WASI_OFLAG_DIRECTORY) != 0) flags |= O_DIRECTORY;
    if ((request->oflags & WASI_OFLAG_EXCL) != 0) flags |= O_EXCL;
    if ((request->oflags & WASI_OFLAG_TRUNC) != 0) flags |= O_TRUNC;
    return flags | O_NOCTTY | wasi_fdflags_to_host(request->fdflags);
}

// Gives an open host descriptor to the guest, or closes it. The type is found out when somebody
// needs to know it (see fd_table.h).
static uint32_t hand_over(struct smelt_context *context, int host, bool is_read_only, bool is_proc,
                          const struct open_request *request, uint32_t *fd) {
    SMELT_CALLS(close);
    SMELT_CALLS(fstat);
    SMELT_CALLS_IF(ioctl, SMELT_CALL_QUESTION);
    SMELT_CALLS(rt_sigaction);
    host = host_lift(host);
    if (host < 0) return wasi_errno_from_linux(errno);
    const struct wasi_fd entry = {
        .is_open = true,
        .is_read_only = is_read_only,
        .is_proc = is_proc,
        .host = host,
        .flags = (uint16_t)request->fdflags,
        .rights_base = request->rights_base,
        .rights_inheriting = request->rights_inheriting,
    };
    uint32_t error = fd_table_insert(&wasi_state_of(context)->fds, &entry, fd);
    if (error != WASI_SUCCESS) close(host);
    return error;
}

static uint32_t open_embedded(const struct smelt_context *context, const struct guest_path *path,
                              bool follows, const struct open_request *request, uint8_t *result) {
    const struct smelt_embedded_node *node;
    struct wasi_fd entry;
    uint32_t fd;
    uint32_t error = embedded_find(context, path, follows, &node);
    if (error != WASI_SUCCESS) return error;
    if (node->type == SMELT_EMBEDDED_LINK) return WASI_LOOP;
    bool is_directory = node->type == SMELT_EMBEDDED_DIRECTORY;
    if ((request->oflags & WASI_OFLAG_DIRECTORY) != 0 && !is_directory) return WASI_NOTDIR;
    wasi_fd_describe_embedded(node, request->rights_base, request->rights_inheriting, &entry);
    entry.flags = (uint16_t)request->fdflags;
    error = fd_table_insert(&wasi_state_of(context)->fds, &entry, &fd);
    if (error == WASI_SUCCESS) guest_store_u32(result, fd);
    return error;
}

uint32_t smelt_wasi_snapshot_preview1_path_open(
    struct smelt_context *context, uint32_t directory, uint32_t lookup_flags,
    uint32_t path_address, uint32_t path_length, uint32_t oflags, uint64_t rights_base,
    uint64_t rights_inheriting, uint32_t fdflags, uint32_t fd_address) {
    const struct open_request request = {oflags, fdflags, rights_base, rights_inheriting};
    uint8_t *result = guest_range(context, fd_address, sizeof(uint32_t));
    if (result == NULL) return WASI_FAULT;
    struct guest_path path;
    uint32_t error = guest_path_read(context, directory, directory_rights(&request), path_address,
                                     path_length, &path);
    if (error == WASI_SUCCESS) error = check_flags(&request);
    if (error != WASI_SUCCESS) return error;
    if ((inherited_rights(&request) & ~path.directory->rights_inheriting) != 0) {
        return WASI_NOTCAPABLE;
    }

    if (path.directory->is_read_only && writes(&request)) return WASI_ROFS;

    int host;
    uint32_t fd = 0;
    bool is_read_only = path.directory->is_read_only, is_proc;
    bool follows = (lookup_flags & WASI_LOOKUP_SYMLINK_FOLLOW) != 0;
    if (path.directory->node != NULL) return open_embedded(context, &path, follows, &request, result);
    error = path_open_host(&path, host_flags(&request), follows, &host, &is_proc);
    if (error == WASI_SUCCESS) {
        error = hand_over(context, host, is_read_only, is_proc, &request, &fd);
    }
    if (error != WASI_SUCCESS) return error;
    guest_store_u32(result, fd);
    return WASI_SUCCESS;
}
