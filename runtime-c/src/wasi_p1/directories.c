// fd_readdir. A cookie is the kernel's position in the directory, so usually nothing has to be
// remembered between calls and a guest may go back to any of them; see directory_positions.h.
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/system_calls.h"
#include "host/directory_entries.h"
#include "host/directory_positions.h"
#include "fd_table.h"
#include "adopt.h"
#include "core/guest.h"
#include "host/host_calls.h"
#include "smelt/wasi_functions.h"
#include "state.h"
#include "wasi.h"

// Listing directories needs those that were granted: this brings them (see adopt.h).
#if !defined(SMELT_LIBRARY)
__attribute__((used)) static void (*const needs)(struct wasi_state *) = fd_table_adopt_directories;
#endif

// The most that is asked for at once.
enum { REQUEST_LIMIT = 4096 };

// The inode number of an entry. What lies above a granted directory is not the guest's to know, and
// any directory may be one under another name, or be moved while it is open. So ".." is always said
// to be the directory itself.
static uint64_t inode_of(const struct wasi_fd *directory, const struct host_entry *entry) {
    SMELT_CALLS(fstat);
    struct stat status;
    if (strcmp(entry->name, "..") != 0) return entry->inode;
    return host_fstat(directory->host, &status) == 0 ? status.st_ino : 0;
}

// The guest's buffer while it is filled.
struct listing {
    uint8_t *position, *end;
};

static void append(struct listing *listing, const void *bytes, size_t length) {
    size_t room = (size_t)(listing->end - listing->position);
    size_t part = length < room ? length : room;
    memcpy(listing->position, bytes, part);
    listing->position += part;
}

// Adds an entry; `next` is the cookie of the one behind it. An entry that does not fit is cut off
// where the buffer ends, which tells the guest that there are more.
static void add(struct listing *listing, uint64_t next, uint64_t inode, uint8_t type,
                      const char *name, size_t name_length) {
    uint8_t header[WASI_DIRENT_SIZE] = {0};
    guest_store_u64(header + WASI_DIRENT_NEXT, next);
    guest_store_u64(header + WASI_DIRENT_INO, inode);
    guest_store_u32(header + WASI_DIRENT_NAME_LENGTH, (uint32_t)name_length);
    header[WASI_DIRENT_TYPE] = type;
    append(listing, header, sizeof header);
    append(listing, name, name_length);
}

// How much to ask the kernel for when there is some room left. What does not fit is read again by the
// guest's next call, and each call of the kernel takes as long as some entries do. In the kernel's
// form an entry has between 4 bytes less and 3 more, so a first answer that is a little smaller than
// the room just fills it.
static size_t request_size(size_t room) {
    size_t size = room > REQUEST_LIMIT / 2 ? room - room / 16 : room;
    if (size < HOST_LONGEST_ENTRY) return HOST_LONGEST_ENTRY;
    return size < REQUEST_LIMIT ? size : REQUEST_LIMIT;
}

static uint32_t fill(struct listing *listing, struct wasi_fd *directory, uint64_t cookie) {
    SMELT_CALLS(getdents64);
    SMELT_CALLS(lseek);
    uint64_t position;
    if (!directory_position(directory->directory_positions, cookie, &position)) return WASI_INVAL;
    if (lseek(directory->host, (off_t)position, SEEK_SET) < 0) {
        return wasi_errno_from_linux(errno);
    }
    _Alignas(struct host_entry) char buffer[REQUEST_LIMIT];
    while (listing->position < listing->end) {
        size_t size = request_size((size_t)(listing->end - listing->position));
        long length = syscall(SYS_getdents64, directory->host, buffer, size);
        if (length < 0) return wasi_errno_from_linux(errno);
        if (length == 0) break;
        for (long offset = 0; offset < length && listing->position < listing->end;) {
            const struct host_entry *entry = (const void *)(buffer + offset);
            if (!directory_cookie(&directory->directory_positions, cookie, (uint64_t)entry->next,
                                  &cookie)) {
                return WASI_NOMEM;
            }
            add(listing, cookie, inode_of(directory, entry),
                wasi_filetype_from_mode(host_entry_mode(directory->host, entry)), entry->name, strlen(entry->name));
            offset += entry->record_length;
        }
    }
    return WASI_SUCCESS;
}

static void list_embedded(const struct smelt_context *context,
                          const struct smelt_embedded_node *node, uint64_t cookie,
                          struct listing *listing) {
    const struct host_state *state = host_state_of(context);
    const struct smelt_embedded_operations *embedded = embedded_operations(context);
    enum { DOTS = 2 };
    for (; cookie < node->size + DOTS && listing->position < listing->end; cookie++) {
        if (cookie < DOTS) {
            // The parent of a root is the root.
            const struct smelt_embedded_node *parent = &state->embedded->image->nodes[node->parent];
            uint64_t inode = embedded->inode(state, cookie == 0 ? node : parent);
            add(listing, cookie + 1, inode, WASI_FILETYPE_DIRECTORY, "..", cookie + 1);
            continue;
        }
        const char *name;
        const struct smelt_embedded_node *child =
            embedded->child(state, node, cookie - DOTS, &name);
        add(listing, cookie + 1, embedded->inode(state, child),
            wasi_filetype_from_mode(embedded_mode(child)), name, child->name_length);
    }
}

uint32_t smelt_wasi_snapshot_preview1_fd_readdir(struct smelt_context *context, uint32_t fd,
                                                 uint32_t buffer_address, uint32_t buffer_size,
                                                 uint64_t cookie, uint32_t size_address) {
    uint8_t *buffer = guest_range(context, buffer_address, buffer_size);
    uint8_t *size = guest_range(context, size_address, sizeof(uint32_t));
    if (buffer == NULL || size == NULL) return WASI_FAULT;
    struct wasi_fd *directory;
    uint32_t error = fd_table_get(context, fd, WASI_RIGHT_FD_READDIR, &directory);
    if (error == WASI_NOTCAPABLE && directory->file_type != WASI_FILETYPE_DIRECTORY) {
        return WASI_NOTDIR;
    }
    if (error != WASI_SUCCESS) return error;
    struct listing listing = {buffer, buffer + buffer_size};
    if (directory->node != NULL) {
        list_embedded(context, directory->node, cookie, &listing);
    } else {
        error = fill(&listing, directory, cookie);
    }
    if (error != WASI_SUCCESS) return error;
    guest_store_u32(size, (uint32_t)(listing.position - buffer));
    return WASI_SUCCESS;
}
