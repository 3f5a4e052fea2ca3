// Attributes of files by name.
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/system_calls.h"
#include "host_calls.h"
#include "path_entries.h"

// The attributes of what is at a place; ENOTDIR when it should have been a directory.
static int status_at(const struct path_place *place, struct stat *status) {
    SMELT_CALLS_IF(newfstatat, SMELT_CALL_WITH_PATHS);
    if (fstatat(place->parent, place->name, status, AT_SYMLINK_NOFOLLOW) != 0) return errno;
    return place->must_be_directory && !S_ISDIR(status->st_mode) ? ENOTDIR : 0;
}

// The attributes of what a path leads to, found by opening it (O_PATH, which opens nothing but the
// way to it): that looks it up in one call, links included.
static int opened_status(const struct host_path *path, enum path_final final,
                         struct stat *status) {
    SMELT_CALLS(fstat);
    SMELT_CALLS(close);
    int host;
    int error = host_path_look_up(path, final == PATH_FOLLOW, &host);
    if (error != 0) return error;
    if (host_fstat(host, status) != 0) error = errno;
    close(host);
    return error;
}

// The attributes of what is in a directory of the guest, or in one that may be kept open (kept.h).
// Few files are links, so whether one has to be followed is found out by looking at it.
static int near_status(const struct host_path *path, enum path_final final, struct stat *status) {
    struct path_place place;
    int error = host_path_resolve(path, PATH_NOFOLLOW, &place);
    if (error != 0) return error;
    error = status_at(&place, status);
    path_place_release(&place);
    if (error != 0 || final == PATH_NOFOLLOW || !S_ISLNK(status->st_mode)) return error;
    return opened_status(path, final, status);
}

int host_path_status(const struct host_path *path, enum path_final final, struct stat *status) {
    bool is_near = strchr(path->text, '/') == strrchr(path->text, '/');
    return is_near ? near_status(path, final, status) : opened_status(path, final, status);
}

int host_path_set_times(const struct host_path *path, enum path_final final,
                        const struct timespec times[2]) {
    SMELT_CALLS_IF(utimensat, SMELT_CALL_WITH_PATHS);
    struct path_place place;
    struct stat status;
    int error = host_path_resolve(path, final, &place);
    if (error != 0) return error;
    if (place.must_be_directory) error = status_at(&place, &status);
    if (error == 0 && utimensat(place.parent, place.name, times, AT_SYMLINK_NOFOLLOW) != 0) {
        error = errno;
    }
    path_place_release(&place);
    return error;
}
