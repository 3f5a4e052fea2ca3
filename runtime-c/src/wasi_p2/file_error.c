// Errors of wasi:filesystem, and of streams of files.
#include <errno.h>
#include <stddef.h>

#include "arena.h"
#include "files.h"
#include "smelt/component_functions.h"
#include "streams.h"

enum { IO = 13 };

uint8_t p2_file_error(int error) {
    // By the number of the error-code; the order is that of WIT.
    static const uint8_t errors[] = {
        EACCES, EAGAIN, EALREADY, EBADF, EBUSY, EDEADLK, EDQUOT, EEXIST, EFBIG, EILSEQ,
        EINPROGRESS, EINTR, EINVAL, EIO, EISDIR, ELOOP, EMLINK, EMSGSIZE, ENAMETOOLONG, ENODEV,
        ENOENT, ENOLCK, ENOMEM, ENOSPC, ENOTDIR, ENOTEMPTY, ENOTRECOVERABLE, EOPNOTSUPP, ENOTTY,
        ENXIO, EOVERFLOW, EPERM, EPIPE, EROFS, ESPIPE, ETXTBSY, EXDEV,
    };
    if (error == ENOSYS) error = EOPNOTSUPP;
    for (size_t code = 0; code < sizeof errors; code++) {
        if (errors[code] == error) return (uint8_t)code;
    }
    return IO;
}

uint32_t p2_file_outcome(const struct smelt_context *context, int error) {
    return arena_outcome(context, error != 0, p2_file_error(error));
}

uint32_t smelt_p2_filesystem_types_filesystem_error_code(struct smelt_context *context,
                                                         uint32_t representation) {
    const struct p2_error *error = &p2_get(context, representation, &p2_error_class)->u.error;
    return arena_outcome(context, error->origin == P2_ERROR_OF_FILE, p2_file_error(error->code));
}
