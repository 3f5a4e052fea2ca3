// Descriptors of wasi:filesystem. What a descriptor may do is decided where it is opened (open.c), and its
// flags say it from then on. Errors are Linux's until they are stored.
#ifndef SMELT_WASI_P2_FILES_H
#define SMELT_WASI_P2_FILES_H

#include <stddef.h>
#include <sys/stat.h>

#include "host/embedded.h"
#include "host/path_entries.h"
#include "state.h"

enum { P2_FLAG_READ = 1, P2_FLAG_WRITE = 2, P2_FLAG_FILE_SYNC = 4, P2_FLAG_DATA_SYNC = 8,
       P2_FLAG_WRITE_SYNC = 16, P2_FLAG_MUTATE = 32, P2_FLAGS_ALL = 63 };
enum { P2_OPEN_CREATE = 1, P2_OPEN_DIRECTORY = 2, P2_OPEN_EXCLUSIVE = 4, P2_OPEN_TRUNCATE = 8 };
enum { P2_SYMLINK_FOLLOW = 1 };

extern const struct p2_class p2_descriptor_class;

// The descriptor that the guest has.
static inline struct p2_descriptor *p2_descriptor_of(const struct smelt_context *context,
                                                     uint32_t representation) {
    return &p2_get(context, representation, &p2_descriptor_class)->u.descriptor;
}

// The error-code of an error of Linux.
uint8_t p2_file_error(int error);

// The descriptor-type of a mode.
uint8_t p2_file_type(mode_t mode);

// result<_, error-code>; 0 is no error.
uint32_t p2_file_outcome(const struct smelt_context *context, int error);

// Reads a path that starts from a descriptor: 0 or an error. What changes anything is refused where
// nothing may be changed.
int p2_path_read(const struct smelt_context *context, uint32_t self, bool changes,
                 uint32_t address, uint32_t length, struct host_path *path,
                 const struct p2_descriptor **directory);

// The node of a path beneath an embedded directory.
int p2_find_embedded(const struct smelt_context *context, const struct host_path *path,
                     const struct p2_descriptor *directory, bool follows,
                     const struct smelt_embedded_node **node);

// What fstat(2) says, or would say.
int p2_file_status(const struct smelt_context *context, const struct p2_descriptor *descriptor,
                   struct stat *status);

static inline const struct smelt_embedded_operations *p2_embedded(const struct host_state *host) {
    return host->embedded->operations;
}

#endif
