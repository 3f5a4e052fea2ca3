// Which WASI rights make sense for which type of file.
#ifndef SMELT_WASI_RIGHTS_H
#define SMELT_WASI_RIGHTS_H

#include <stdint.h>

#include "wasi.h"

#define WASI_RIGHTS_ALL ((UINT64_C(1) << 30) - 1)

// What a file can do.
#define WASI_RIGHTS_FILE                                                                         \
    ((uint64_t)(WASI_RIGHT_FD_DATASYNC | WASI_RIGHT_FD_READ | WASI_RIGHT_FD_SEEK |               \
                WASI_RIGHT_FD_FDSTAT_SET_FLAGS | WASI_RIGHT_FD_SYNC | WASI_RIGHT_FD_TELL |       \
                WASI_RIGHT_FD_WRITE | WASI_RIGHT_FD_ADVISE | WASI_RIGHT_FD_ALLOCATE |            \
                WASI_RIGHT_FD_FILESTAT_GET | WASI_RIGHT_FD_FILESTAT_SET_SIZE |                   \
                WASI_RIGHT_FD_FILESTAT_SET_TIMES | WASI_RIGHT_POLL_FD_READWRITE))

// What a directory can do.
#define WASI_RIGHTS_DIRECTORY                                                                    \
    ((uint64_t)(WASI_RIGHT_FD_DATASYNC | WASI_RIGHT_FD_FDSTAT_SET_FLAGS | WASI_RIGHT_FD_SYNC |   \
                WASI_RIGHT_FD_ADVISE | WASI_RIGHT_PATH_CREATE_DIRECTORY |                        \
                WASI_RIGHT_PATH_CREATE_FILE | WASI_RIGHT_PATH_LINK_SOURCE |                      \
                WASI_RIGHT_PATH_LINK_TARGET | WASI_RIGHT_PATH_OPEN | WASI_RIGHT_FD_READDIR |     \
                WASI_RIGHT_PATH_READLINK | WASI_RIGHT_PATH_RENAME_SOURCE |                       \
                WASI_RIGHT_PATH_RENAME_TARGET | WASI_RIGHT_PATH_FILESTAT_GET |                   \
                WASI_RIGHT_PATH_FILESTAT_SET_SIZE | WASI_RIGHT_PATH_FILESTAT_SET_TIMES |         \
                WASI_RIGHT_FD_FILESTAT_GET | WASI_RIGHT_FD_FILESTAT_SET_TIMES |                  \
                WASI_RIGHT_PATH_SYMLINK | WASI_RIGHT_PATH_REMOVE_DIRECTORY |                     \
                WASI_RIGHT_PATH_UNLINK_FILE))

// What a terminal cannot do. It is by this that wasi-libc's isatty() tells one from the other
// character devices.
#define WASI_RIGHTS_POSITION ((uint64_t)(WASI_RIGHT_FD_SEEK | WASI_RIGHT_FD_TELL))

// What a socket that waits for connections can do, and what a connection can.
#define WASI_RIGHTS_LISTENER                                                                     \
    ((uint64_t)(WASI_RIGHT_FD_READ | WASI_RIGHT_FD_FDSTAT_SET_FLAGS |                            \
                WASI_RIGHT_FD_FILESTAT_GET | WASI_RIGHT_POLL_FD_READWRITE |                      \
                WASI_RIGHT_SOCK_ACCEPT))
#define WASI_RIGHTS_CONNECTION                                                                   \
    ((uint64_t)(WASI_RIGHT_FD_READ | WASI_RIGHT_FD_FDSTAT_SET_FLAGS | WASI_RIGHT_FD_WRITE |      \
                WASI_RIGHT_FD_FILESTAT_GET | WASI_RIGHT_POLL_FD_READWRITE |                      \
                WASI_RIGHT_SOCK_SHUTDOWN))
#define WASI_RIGHTS_SOCKET (WASI_RIGHTS_LISTENER | WASI_RIGHTS_CONNECTION)

// What changes something outside the guest. Descriptors of read-only grants answer rofs to it, as
// a read-only file system does; hard links and renames count, since they would give the file a
// name in a directory that may be written to.
#define WASI_RIGHTS_CHANGING                                                                     \
    ((uint64_t)(WASI_RIGHT_FD_WRITE | WASI_RIGHT_FD_ALLOCATE | WASI_RIGHT_PATH_CREATE_DIRECTORY | \
                WASI_RIGHT_PATH_CREATE_FILE | WASI_RIGHT_PATH_LINK_SOURCE |                      \
                WASI_RIGHT_PATH_LINK_TARGET | WASI_RIGHT_PATH_RENAME_SOURCE |                    \
                WASI_RIGHT_PATH_RENAME_TARGET | WASI_RIGHT_PATH_FILESTAT_SET_SIZE |              \
                WASI_RIGHT_PATH_FILESTAT_SET_TIMES | WASI_RIGHT_FD_FILESTAT_SET_SIZE |           \
                WASI_RIGHT_FD_FILESTAT_SET_TIMES | WASI_RIGHT_PATH_SYMLINK |                     \
                WASI_RIGHT_PATH_REMOVE_DIRECTORY | WASI_RIGHT_PATH_UNLINK_FILE))

// What a file opened through a directory can be given.
#define WASI_RIGHTS_INHERITING (WASI_RIGHTS_FILE | WASI_RIGHTS_DIRECTORY)

#endif
