// fd_seek, fd_tell.
#include <errno.h>
#include <unistd.h>

#include "core/system_calls.h"
#include "fd_table.h"
#include "core/guest.h"
#include "smelt/wasi_functions.h"
#include "state.h"
#include "wasi.h"

// Finds a descriptor to seek in. What cannot be positioned never has the rights; POSIX programs
// expect ESPIPE then.
static uint32_t get_seekable(struct smelt_context *context, uint32_t fd, uint64_t rights,
                             struct wasi_fd **entry) {
    uint32_t error = fd_table_get(context, fd, rights, entry);
    if (error != WASI_NOTCAPABLE) return error;
    // The right to seek implies the one to tell.
    if (rights == WASI_RIGHT_FD_TELL && ((*entry)->rights_base & WASI_RIGHT_FD_SEEK) != 0) {
        return WASI_SUCCESS;
    }
    switch ((*entry)->file_type) {
    case WASI_FILETYPE_CHARACTER_DEVICE:
    case WASI_FILETYPE_SOCKET_DGRAM:
    case WASI_FILETYPE_SOCKET_STREAM: return WASI_SPIPE;
    case WASI_FILETYPE_DIRECTORY: return WASI_BADF;
    default: return error;
    }
}

// Moves the position in an embedded file, and returns it; -1 if that cannot be.
static int64_t seek_embedded(struct wasi_fd *entry, int64_t offset, uint32_t whence) {
    const uint64_t bases[] = {[WASI_WHENCE_SET] = 0,
                              [WASI_WHENCE_CUR] = entry->position,
                              [WASI_WHENCE_END] = entry->node->size};
    int64_t result;
    if (__builtin_add_overflow((int64_t)bases[whence], offset, &result) || result < 0) return -1;
    entry->position = (uint64_t)result;
    return result;
}

static uint32_t seek(struct smelt_context *context, uint32_t fd, uint64_t rights, int64_t offset,
                     uint32_t whence, uint32_t position_address) {
    SMELT_CALLS(lseek);
    _Static_assert(WASI_WHENCE_SET == SEEK_SET && WASI_WHENCE_CUR == SEEK_CUR &&
                       WASI_WHENCE_END == SEEK_END,
                   "the host has the same words");
    uint8_t *position = guest_range(context, position_address, sizeof(uint64_t));
    if (position == NULL) return WASI_FAULT;
    struct wasi_fd *entry;
    uint32_t error = get_seekable(context, fd, rights, &entry);
    if (error != WASI_SUCCESS) return error;
    if (whence > WASI_WHENCE_END) return WASI_INVAL;
    off_t result;
    if (entry->node != NULL) {
        result = seek_embedded(entry, offset, whence);
        if (result < 0) return WASI_INVAL;
    } else {
        result = lseek(entry->host, offset, (int)whence);
        if (result < 0) return wasi_errno_from_linux(errno);
    }
    guest_store_u64(position, (uint64_t)result);
    return WASI_SUCCESS;
}

uint32_t smelt_wasi_snapshot_preview1_fd_seek(struct smelt_context *context, uint32_t fd,
                                              uint64_t offset, uint32_t whence,
                                              uint32_t position_address) {
    // Seeking by nothing is telling, and needs no more.
    bool is_tell = whence == WASI_WHENCE_CUR && offset == 0;
    return seek(context, fd, is_tell ? WASI_RIGHT_FD_TELL : WASI_RIGHT_FD_SEEK, (int64_t)offset,
                whence, position_address);
}

uint32_t smelt_wasi_snapshot_preview1_fd_tell(struct smelt_context *context, uint32_t fd,
                                              uint32_t position_address) {
    return seek(context, fd, WASI_RIGHT_FD_TELL, 0, WASI_WHENCE_CUR, position_address);
}
