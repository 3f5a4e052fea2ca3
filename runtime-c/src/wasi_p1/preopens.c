// Granted directories: opened when the program starts, and found by the guest through
// fd_prestat_get and fd_prestat_dir_name.
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "core/system_calls.h"
#include "core/message.h"
#include "confinement.h"
#include "embedded.h"
#include "grants.h"
#include "guest.h"
#include "guest_path.h"
#include "rights.h"
#include "smelt/wasi_functions.h"
#include "state.h"
#include "wasi.h"

// A library is granted directories by its host (embed/wasi.c).
#if !defined(SMELT_LIBRARY)

// Programs with directories are confined to them: this brings the code for it.
__attribute__((used)) static bool (*const needs)(const struct wasi_state *) = smelt_confine_files;

static void open_directory(struct wasi_state *state, const struct grant *grant) {
    char host_path[PATH_MAX];
    if (grant->host_length >= sizeof host_path) {
        smelt_fail("the path of a granted directory is too long: ", grant->text);
    }
    memcpy(host_path, grant->text, grant->host_length);
    host_path[grant->host_length] = 0;

    int host = openat(AT_FDCWD, host_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (host < 0) {
        smelt_fail("cannot open the granted directory '", host_path, "': ", strerror(errno));
    }
    struct wasi_fd entry;
    uint32_t fd;
    if (wasi_fd_describe(host, WASI_RIGHTS_DIRECTORY, WASI_RIGHTS_INHERITING, &entry) !=
        WASI_SUCCESS) {
        smelt_fail("cannot use the granted directory '", host_path, "'");
    }
    entry.preopen_name = grant->guest_name;
    entry.preopen_name_length = (uint32_t)grant->guest_length;
    entry.is_read_only = grant->is_read_only;
    entry.is_proc = path_is_on_proc(host);
    if (fd_table_insert(&state->fds, &entry, &fd) != WASI_SUCCESS) {
        smelt_fail("too many granted directories");
    }
}

void smelt_grant_directories(struct wasi_state *state) {
    struct grant_cursor cursor;
    struct grant grant;
    grants_begin(&cursor, state);
    while (grants_next(&cursor, &grant)) {
        if (grant.kind == GRANT_DIRECTORY) open_directory(state, &grant);
    }
    // Pipes can be opened by name, and files may not grow as far as they like; what a reader that
    // went away means, and such a limit, is an errno, not a signal.
    if (signal(SIGPIPE, SIG_IGN) == SIG_ERR) smelt_fail("cannot ignore SIGPIPE");
    if (signal(SIGXFSZ, SIG_IGN) == SIG_ERR) smelt_fail("cannot ignore SIGXFSZ");
    if (state->embedded != NULL) state->embedded->operations->grant(state);
}

#endif

static uint32_t get_preopen(struct smelt_context *context, uint32_t fd, struct wasi_fd **entry) {
    uint32_t error = fd_table_get(context, fd, 0, entry);
    if (error == WASI_SUCCESS && (*entry)->preopen_name == NULL) error = WASI_BADF;
    return error;
}

uint32_t smelt_wasi_snapshot_preview1_fd_prestat_get(struct smelt_context *context, uint32_t fd,
                                                     uint32_t prestat_address) {
    uint8_t *prestat = guest_range(context, prestat_address, WASI_PRESTAT_SIZE);
    if (prestat == NULL) return WASI_FAULT;
    struct wasi_fd *entry;
    uint32_t error = get_preopen(context, fd, &entry);
    if (error != WASI_SUCCESS) return error;
    memset(prestat, 0, WASI_PRESTAT_SIZE);
    prestat[WASI_PRESTAT_TAG] = WASI_PREOPENTYPE_DIR;
    guest_store_u32(prestat + WASI_PRESTAT_NAME_LENGTH, entry->preopen_name_length);
    return WASI_SUCCESS;
}

uint32_t smelt_wasi_snapshot_preview1_fd_prestat_dir_name(struct smelt_context *context,
                                                          uint32_t fd, uint32_t name_address,
                                                          uint32_t name_size) {
    uint8_t *name = guest_range(context, name_address, name_size);
    if (name == NULL) return WASI_FAULT;
    struct wasi_fd *entry;
    uint32_t error = get_preopen(context, fd, &entry);
    if (error != WASI_SUCCESS) return error;
    if (entry->preopen_name_length > name_size) return WASI_NAMETOOLONG;
    memcpy(name, entry->preopen_name, entry->preopen_name_length);
    return WASI_SUCCESS;
}
