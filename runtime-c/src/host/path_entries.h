// Operations on directory entries, and attributes of files by name: what a guest's interfaces have in
// common. Paths are resolved as path.h says; results are 0 or errors of Linux.
#ifndef SMELT_HOST_PATH_ENTRIES_H
#define SMELT_HOST_PATH_ENTRIES_H

#include <stddef.h>
#include <sys/stat.h>
#include <time.h>

#include "path.h"

// Checks a path of the guest's, `length` bytes, and stores it; the caller sets the rest.
int host_path_set(struct host_path *path, const void *text, size_t length);

int host_make_directory(const struct host_path *path);
int host_remove_directory(const struct host_path *path);
int host_unlink(const struct host_path *path);
int host_make_link(const struct host_path *path, const void *target, size_t target_length);

// What a symbolic link says: up to PATH_MAX bytes, not zero-terminated.
int host_read_link(const struct host_path *path, char target[PATH_MAX], size_t *length);

// The attributes of what a path leads to.
int host_path_status(const struct host_path *path, enum path_final final, struct stat *status);

// Changes times, as utimensat(2) takes them.
int host_path_set_times(const struct host_path *path, enum path_final final,
                        const struct timespec times[2]);

// Renames, and makes a hard link, in two steps each, since guests' interfaces have checks between
// them. The old place is released by the second one, whatever comes of it; host_path_resolve finds it.
int host_rename(const struct host_path *old_path, struct path_place *old_place,
                const struct host_path *new_path);
int host_link(struct path_place *old_place, const struct host_path *new_path);

#endif
