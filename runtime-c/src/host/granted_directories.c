// Granted directories: opened when the program starts.
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "confinement.h"
#include "core/message.h"
#include "embedded.h"
#include "grants.h"
#include "path.h"
#include "state.h"

// Programs with directories are confined to them: this brings the code for it.
__attribute__((used)) static bool (*const needs)(const struct host_state *) = smelt_confine_files;

static void open_directory(struct host_state *state, const struct grant *grant) {
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
    const struct host_directory directory = {
        .host = host,
        .is_read_only = grant->is_read_only,
        .is_proc = path_is_on_proc(host),
        .name = grant->guest_name,
        .name_length = (uint32_t)grant->guest_length,
    };
    if (!host_add_directory(state, &directory)) smelt_fail("too many granted directories");
}

void smelt_grant_directories(struct host_state *state) {
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
