// path_filestat_*: attributes of files by name.
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/system_calls.h"
#include "embedded.h"
#include "filestat.h"
#include "guest.h"
#include "host/host_calls.h"
#include "guest_path.h"
#include "smelt/wasi_functions.h"
#include "wasi.h"

static enum path_final final_of(uint32_t lookup_flags) {
    return (lookup_flags & WASI_LOOKUP_SYMLINK_FOLLOW) != 0 ? PATH_FOLLOW : PATH_NOFOLLOW;
}

// The attributes of what is at a place; notdir when it should have been a directory.
static uint32_t status_at(const struct path_place *place, struct stat *status) {
    SMELT_CALLS_IF(newfstatat, SMELT_CALL_WITH_PATHS);
    if (fstatat(place->parent, place->name, status, AT_SYMLINK_NOFOLLOW) != 0) {
        return wasi_errno_from_linux(errno);
    }
    return place->must_be_directory && !S_ISDIR(status->st_mode) ? WASI_NOTDIR : WASI_SUCCESS;
}

// The attributes of what a path leads to, found by opening it (O_PATH, which opens nothing but the
// way to it): that looks it up in one call, links included.
static uint32_t opened_status(const struct guest_path *path, enum path_final final,
                              struct stat *status) {
    SMELT_CALLS(fstat);
    SMELT_CALLS(close);
    int host;
    uint32_t error = path_look_up(path, final == PATH_FOLLOW, &host);
    if (error != WASI_SUCCESS) return error;
    if (host_fstat(host, status) != 0) error = wasi_errno_from_linux(errno);
    close(host);
    return error;
}

// The attributes of what is in a directory of the guest, or in one that may be kept open (kept.h).
// Few files are links, so whether one has to be followed is found out by looking at it.
static uint32_t near_status(const struct guest_path *path, enum path_final final,
                            struct stat *status) {
    struct path_place place;
    uint32_t error = path_resolve(path, PATH_NOFOLLOW, &place);
    if (error != WASI_SUCCESS) return error;
    error = status_at(&place, status);
    path_place_release(&place);
    if (error != WASI_SUCCESS || final == PATH_NOFOLLOW || !S_ISLNK(status->st_mode)) return error;
    return opened_status(path, final, status);
}

uint32_t wasi_path_status(const struct smelt_context *context, uint32_t fd, uint32_t lookup_flags,
                          uint32_t path_address, uint32_t path_length, struct stat *status) {
    struct guest_path path;
    uint32_t error = guest_path_read(context, fd, WASI_RIGHT_PATH_FILESTAT_GET, path_address,
                                     path_length, &path);
    if (error != WASI_SUCCESS) return error;
    if (path.directory->node != NULL) {
        const struct smelt_embedded_node *node;
        bool follows = final_of(lookup_flags) == PATH_FOLLOW;
        error = embedded_operations(context)->find(context, &path, follows, &node);
        if (error == WASI_SUCCESS) embedded_operations(context)->status(context, node, status);
        return error;
    }
    enum path_final final = final_of(lookup_flags);
    bool is_near = strchr(path.host.text, '/') == strrchr(path.host.text, '/');
    return is_near ? near_status(&path, final, status) : opened_status(&path, final, status);
}

uint32_t smelt_wasi_snapshot_preview1_path_filestat_get(struct smelt_context *context, uint32_t fd,
                                                        uint32_t lookup_flags,
                                                        uint32_t path_address,
                                                        uint32_t path_length,
                                                        uint32_t filestat_address) {
    uint8_t *filestat = guest_range(context, filestat_address, WASI_FILESTAT_SIZE);
    if (filestat == NULL) return WASI_FAULT;
    struct stat status;
    uint32_t error =
        wasi_path_status(context, fd, lookup_flags, path_address, path_length, &status);
    if (error != WASI_SUCCESS) return error;
    wasi_filestat_store(filestat, &status, wasi_filetype_from_mode(status.st_mode));
    return WASI_SUCCESS;
}

uint32_t smelt_wasi_snapshot_preview1_path_filestat_set_times(
    struct smelt_context *context, uint32_t fd, uint32_t lookup_flags, uint32_t path_address,
    uint32_t path_length, uint64_t atim, uint64_t mtim, uint32_t flags) {
    SMELT_CALLS_IF(utimensat, SMELT_CALL_WITH_PATHS);
    struct guest_path path;
    struct path_place place;
    struct timespec times[2];
    struct stat status;
    uint32_t error = guest_path_read(context, fd, WASI_RIGHT_PATH_FILESTAT_SET_TIMES, path_address,
                                     path_length, &path);
    if (error == WASI_SUCCESS) error = wasi_filestat_times(atim, mtim, flags, times);
    if (error == WASI_SUCCESS) error = path_resolve(&path, final_of(lookup_flags), &place);
    if (error != WASI_SUCCESS) return error;
    if (place.must_be_directory) error = status_at(&place, &status);
    if (error == WASI_SUCCESS &&
        utimensat(place.parent, place.name, times, AT_SYMLINK_NOFOLLOW) != 0) {
        error = wasi_errno_from_linux(errno);
    }
    path_place_release(&place);
    return error;
}
