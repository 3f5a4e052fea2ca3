// fd_readdir. A cookie is the kernel's position in the directory, so usually nothing has to be
// remembered between calls and a guest may go back to any of them; see directory_positions.h.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/system_calls.h"
#include "host/directory_positions.h"
#include "embedded.h"
#include "fd_table.h"
#include "grants.h"
#include "guest.h"
#include "host/host_calls.h"
#include "smelt/wasi_functions.h"
#include "wasi.h"

// Listing directories needs those that were granted: this brings them (see grants.h).
#if !defined(SMELT_LIBRARY)
__attribute__((used)) static void (*const needs)(struct wasi_state *) = smelt_grant_directories;
#endif

// The most that is asked for at once.
enum { REQUEST_LIMIT = 4096 };

// What getdents64(2) returns.
struct linux_dirent {
    uint64_t inode;
    int64_t next;
    uint16_t record_length;
    uint8_t type;
    char name[];
};

static uint8_t filetype_of(const struct wasi_fd *directory, const struct linux_dirent *entry) {
    SMELT_CALLS_IF(newfstatat, SMELT_CALL_WITH_PATHS);
    struct stat status;
    switch (entry->type) {
    case DT_REG: return WASI_FILETYPE_REGULAR_FILE;
    case DT_DIR: return WASI_FILETYPE_DIRECTORY;
    case DT_LNK: return WASI_FILETYPE_SYMBOLIC_LINK;
    case DT_CHR: return WASI_FILETYPE_CHARACTER_DEVICE;
    case DT_BLK: return WASI_FILETYPE_BLOCK_DEVICE;
    case DT_SOCK: return WASI_FILETYPE_SOCKET_STREAM;
    case DT_UNKNOWN:  // some file systems do not keep the type in the directory
        if (fstatat(directory->host, entry->name, &status, AT_SYMLINK_NOFOLLOW) == 0) {
            return wasi_filetype_from_mode(status.st_mode);
        }
        return WASI_FILETYPE_UNKNOWN;
    default: return WASI_FILETYPE_UNKNOWN;
    }
}

// The inode number of an entry. What lies above a granted directory is not the guest's to know, and
// any directory may be one under another name, or be moved while it is open. So ".." is always said
// to be the directory itself.
static uint64_t inode_of(const struct wasi_fd *directory, const struct linux_dirent *entry) {
    SMELT_CALLS(fstat);
    struct stat status;
    if (strcmp(entry->name, "..") != 0) return entry->inode;
    return host_fstat(directory->host, &status) == 0 ? status.st_ino : 0;
}

static void append(struct wasi_listing *listing, const void *bytes, size_t length) {
    size_t room = (size_t)(listing->end - listing->position);
    size_t part = length < room ? length : room;
    memcpy(listing->position, bytes, part);
    listing->position += part;
}

void wasi_listing_add(struct wasi_listing *listing, uint64_t next, uint64_t inode, uint8_t type,
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
// the room just fills it. The kernel gives nothing to who has no room for the longest entry.
static size_t request_size(size_t room) {
    enum { LONGEST_ENTRY = 280 };
    size_t size = room > REQUEST_LIMIT / 2 ? room - room / 16 : room;
    if (size < LONGEST_ENTRY) return LONGEST_ENTRY;
    return size < REQUEST_LIMIT ? size : REQUEST_LIMIT;
}

static uint32_t fill(struct wasi_listing *listing, struct wasi_fd *directory, uint64_t cookie) {
    SMELT_CALLS(getdents64);
    SMELT_CALLS(lseek);
    uint64_t position;
    if (!directory_position(directory->directory_positions, cookie, &position)) return WASI_INVAL;
    if (lseek(directory->host, (off_t)position, SEEK_SET) < 0) {
        return wasi_errno_from_linux(errno);
    }
    _Alignas(struct linux_dirent) char buffer[REQUEST_LIMIT];
    while (listing->position < listing->end) {
        size_t size = request_size((size_t)(listing->end - listing->position));
        long length = syscall(SYS_getdents64, directory->host, buffer, size);
        if (length < 0) return wasi_errno_from_linux(errno);
        if (length == 0) break;
        for (long offset = 0; offset < length && listing->position < listing->end;) {
            const struct linux_dirent *entry = (const void *)(buffer + offset);
            if (!directory_cookie(&directory->directory_positions, cookie, (uint64_t)entry->next,
                                  &cookie)) {
                return WASI_NOMEM;
            }
            wasi_listing_add(listing, cookie, inode_of(directory, entry),
                             filetype_of(directory, entry), entry->name, strlen(entry->name));
            offset += entry->record_length;
        }
    }
    return WASI_SUCCESS;
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
    struct wasi_listing listing = {buffer, buffer + buffer_size};
    if (directory->node != NULL) {
        embedded_operations(context)->list(context, directory->node, cookie, &listing);
    } else {
        error = fill(&listing, directory, cookie);
    }
    if (error != WASI_SUCCESS) return error;
    guest_store_u32(size, (uint32_t)(listing.position - buffer));
    return WASI_SUCCESS;
}
