// The guest's file descriptors. What a descriptor may do is decided here and nowhere else.
#include "fd_table.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/system_calls.h"
#include "core/message.h"
#include "host/directory_positions.h"
#include "fdflags.h"
#include "host/streams.h"
#include "rights.h"
#include "state.h"
#include "wasi.h"

// Null in programs that open no files; all their descriptors are described.
#pragma weak fd_table_describe

// Null in programs that list no directories.
#pragma weak directory_positions_free

static struct wasi_fd *entry_at(struct fd_table *table, uint32_t fd) {
    if (fd < FD_TABLE_STATIC) return &table->first[fd];
    if (fd - FD_TABLE_STATIC < table->more_capacity) return &table->more[fd - FD_TABLE_STATIC];
    return NULL;
}

const struct wasi_fd *fd_table_entry(const struct fd_table *table, uint32_t fd) {
    return entry_at((struct fd_table *)table, fd);
}

// A library is granted streams by its host (embed/wasi.c).
#if !defined(SMELT_LIBRARY)

void fd_table_adopt_streams(struct wasi_state *state) {
    for (uint32_t fd = 0; fd < HOST_STREAMS; fd++) {
        struct wasi_fd *entry = &state->fds.first[fd];
        int flags = host_adopt_stream((int)fd);
        if (flags < 0) continue;
        if (wasi_fd_describe((int)fd, WASI_RIGHTS_ALL, 0, entry) != WASI_SUCCESS) continue;
        // A directory that happens to be a standard stream was not granted.
        if (entry->file_type == WASI_FILETYPE_DIRECTORY) entry->rights_base = 0;
        entry->flags = wasi_fdflags_from_host(flags);
    }
}

#endif

uint32_t fd_table_find(const struct smelt_context *context, uint32_t fd, struct wasi_fd **entry) {
    *entry = entry_at(&wasi_state_of(context)->fds, fd);
    return *entry == NULL || !(*entry)->is_open ? WASI_BADF : WASI_SUCCESS;
}

uint32_t fd_table_get(const struct smelt_context *context, uint32_t fd, uint64_t rights,
                      struct wasi_fd **entry) {
    uint32_t error = fd_table_find(context, fd, entry);
    if (error != WASI_SUCCESS) return error;
    const uint64_t typeless = WASI_RIGHT_FD_READ | WASI_RIGHT_FD_WRITE;
    if (!(*entry)->is_described && (rights == 0 || (rights & ~typeless) != 0)) {
        error = fd_table_describe(*entry);
        if (error != WASI_SUCCESS) return error;
    }
    return wasi_fd_check(*entry, rights);
}

uint32_t wasi_fd_check(const struct wasi_fd *entry, uint64_t rights) {
    if ((entry->rights_base & rights) != rights) return WASI_NOTCAPABLE;
    if (entry->is_read_only && (rights & WASI_RIGHTS_CHANGING) != 0) return WASI_ROFS;
    return WASI_SUCCESS;
}

static bool grow(struct fd_table *table) {
    SMELT_CALLS_IF(mmap, SMELT_CALL_NOT_CODE);
    SMELT_CALLS(munmap);
    uint32_t old_capacity = table->more_capacity;
    uint32_t capacity = old_capacity == 0 ? 64 : old_capacity * 2;
    const uint32_t largest = 1u << 24;
    if (capacity > largest) return false;
    size_t entry_size = sizeof(struct wasi_fd);
    void *entries = mmap(NULL, capacity * entry_size, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (entries == MAP_FAILED) return false;
    if (old_capacity != 0) {
        memcpy(entries, table->more, old_capacity * entry_size);
        munmap(table->more, old_capacity * entry_size);
    }
    table->more = entries;
    table->more_capacity = capacity;
    return true;
}

uint32_t fd_table_insert(struct fd_table *table, const struct wasi_fd *entry, uint32_t *fd) {
    uint32_t number = HOST_STREAMS;
    struct wasi_fd *slot;
    while ((slot = entry_at(table, number)) != NULL && slot->is_open) number++;
    if (slot == NULL) {
        if (!grow(table)) return WASI_NFILE;
        slot = entry_at(table, number);
    }
    *slot = *entry;
    *fd = number;
    return WASI_SUCCESS;
}

uint32_t fd_table_close(struct wasi_fd *entry) {
    SMELT_CALLS(close);
    int host = entry->host;
    if (directory_positions_free != NULL && entry->directory_positions != NULL) {
        directory_positions_free(entry->directory_positions);
    }
    memset(entry, 0, sizeof *entry);
    if (host < 0) return WASI_SUCCESS;
    // Standard error stays open on the host: the runtime reports traps there. (Files that are
    // opened later do not keep the number of another stream either: host_lift.)
    if (host == STDERR_FILENO) return WASI_SUCCESS;
    return close(host) == 0 ? WASI_SUCCESS : wasi_errno_from_linux(errno);
}
