// The guest's file descriptors: numbers of its own, each with a host descriptor, a file type and
// the WASI rights. 0 to 2 are the process's standard streams; directories that were granted follow
// from 3, and sockets behind them.
#ifndef SMELT_WASI_FD_TABLE_H
#define SMELT_WASI_FD_TABLE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "smelt/abi.h"

struct wasi_fd {
    bool is_open;
    bool is_described;          // the type is known; else the rights are those asked for
    bool is_read_only;          // opened through a grant that may only be read
    bool is_proc;               // on a /proc file system (path_open_host)
    uint8_t file_type;          // enum wasi_filetype
    uint16_t flags;             // enum wasi_fdflags
    int host;                   // -1 for embedded files
    const struct smelt_embedded_node *node;  // of an embedded file or directory, else null
    uint64_t position;          // in an embedded file
    struct directory_positions *directory_positions;  // of a directory that was listed, or null
    const char *preopen_name;   // the guest's name of a granted directory, else null
    uint32_t preopen_name_length;
    uint64_t rights_base;
    uint64_t rights_inheriting;
};

enum { FD_TABLE_STATIC = 8 };

// All zeros is a table without any descriptors.
struct fd_table {
    struct wasi_fd first[FD_TABLE_STATIC];  // most programs need no more
    struct wasi_fd *more;                   // entries from FD_TABLE_STATIC on
    uint32_t more_capacity;
};

struct wasi_state;

// Takes over the process's standard streams, those that are open; what is closed is /dev/null for
// the host from here on. Done once, before any file is opened, so that a guest that writes does
// nothing but write.
void fd_table_adopt_streams(struct wasi_state *state);

// The entry of a number, open or not; null beyond the table.
const struct wasi_fd *fd_table_entry(const struct fd_table *table, uint32_t fd);

// Finds an open descriptor: success or badf. Its type may not be known yet.
uint32_t fd_table_find(const struct smelt_context *context, uint32_t fd, struct wasi_fd **entry);

// Finds an open descriptor that has all of `rights`: success, badf, or what wasi_fd_check says. The
// entry is valid until a descriptor is opened. Most files are opened to be read or written and then closed, for
// which their type does not matter; it is asked for when anything else is done.
uint32_t fd_table_get(const struct smelt_context *context, uint32_t fd, uint64_t rights,
                      struct wasi_fd **entry);

// Finds out the type of what path_open opened. Its part, so programs that open no files are without.
// (A weak reference to what is hidden is null in a library, whatever its host has.)
uint32_t fd_table_describe(struct wasi_fd *entry) __attribute__((visibility("hidden")));

// Whether a descriptor has all of `rights`: success, notcapable, or rofs for what only a writable
// grant would allow.
uint32_t wasi_fd_check(const struct wasi_fd *entry, uint64_t rights);

// Gives `entry` the lowest free number from 3 on. The caller keeps the host descriptor on failure.
uint32_t fd_table_insert(struct fd_table *table, const struct wasi_fd *entry, uint32_t *fd);

// Closes an entry: its number is free afterwards, whatever the result.
uint32_t fd_table_close(struct wasi_fd *entry);

// The file type of what a mode is about.
uint8_t wasi_filetype_from_mode(mode_t mode);

// The rights that make sense for a type.
uint64_t wasi_rights_of_type(uint8_t type);

// Calls fstat, ioctl for character devices, getsockopt for sockets and rt_sigaction for these and
// pipes: what uses it once the guest runs says so (core/system_calls.h).
// Fills an entry with a host descriptor's type, and with those of the rights that make sense for
// the type.
uint32_t wasi_fd_describe(int host, uint64_t rights_base, uint64_t rights_inheriting,
                          struct wasi_fd *entry);

// The same for an embedded file or directory.
void wasi_fd_describe_embedded(const struct smelt_embedded_node *node, uint64_t rights_base,
                               uint64_t rights_inheriting, struct wasi_fd *entry);

#endif
