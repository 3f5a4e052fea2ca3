// What can go wrong with files and sockets that a program is granted.
#include <errno.h>
#include <stddef.h>
#include <string.h>

char *strerror(int error) {
    static const struct {
        int error;
        const char *text;
    } messages[] = {
        {EACCES, "Permission denied"},
        {EADDRINUSE, "Address in use"},
        {EADDRNOTAVAIL, "Address not available"},
        {EAFNOSUPPORT, "Address family not supported by protocol"},
        {ECONNREFUSED, "Connection refused"},
        {ECONNRESET, "Connection reset by peer"},
        {EINVAL, "Invalid argument"},
        {EIO, "I/O error"},
        {ELOOP, "Symbolic link loop"},
        {EMFILE, "No file descriptors available"},
        {ENAMETOOLONG, "Filename too long"},
        {ENFILE, "Too many open files in system"},
        {ENODEV, "No such device"},
        {ENOENT, "No such file or directory"},
        {ENOMEM, "Out of memory"},
        {ENOSPC, "No space left on device"},
        {ENOTDIR, "Not a directory"},
        {ENXIO, "No such device or address"},
        {EPERM, "Operation not permitted"},
        {EPIPE, "Broken pipe"},
        {ETIMEDOUT, "Operation timed out"},
    };
    for (size_t index = 0; index < sizeof messages / sizeof messages[0]; index++) {
        if (messages[index].error == error) return (char *)messages[index].text;
    }
    return (char *)"error of the system";
}
