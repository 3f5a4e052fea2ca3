// WASI in libraries: what the host grants to one instance, and the few functions that would reach beyond
// it.
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "core/host_page.h"
#include "library.h"
#include "system/signals.h"
#include "host/host_calls.h"
#include "wasi_p1/fdflags.h"
#include "host/path.h"
#include "wasi_p1/rights.h"
#include "wasi_p1/state.h"
#include "wasi_p1/wasi.h"

// What is granted -------------------------------------------------------------------------------

// The state, and what belongs to it alone.
struct library_wasi {
    struct wasi_state state;
    void *texts;
    uint64_t texts_size;
    // What it begins with, by the guest's descriptors: each has a descriptor of the host of its own.
    struct wasi_fd *granted;
    uint32_t granted_count;
};

// Null where there are no components.
void p2_state_end(struct host_state *host) __attribute__((weak, visibility("hidden")));

static const char no_memory[] = "there is no memory for what the guest is given";

static uint64_t text_bytes(const char *const *list) {
    uint64_t bytes = sizeof(char *);
    for (; list != NULL && *list != NULL; list++) bytes += sizeof(char *) + strlen(*list) + 1;
    return bytes;
}

static uint32_t count_of(const char *const *list) {
    uint32_t count = 0;
    while (list != NULL && list[count] != NULL) count++;
    return count;
}

// Copies a list of texts to `pointers`, and the texts to `*bytes`, which moves behind them.
static void copy_list(const char *const *list, char **pointers, char **bytes) {
    uint32_t count = count_of(list);
    for (uint32_t index = 0; index < count; index++) {
        size_t size = strlen(list[index]) + 1;
        pointers[index] = memcpy(*bytes, list[index], size);
        *bytes += size;
    }
}

// Arguments, variables and the guest's names of directories are the instance's.
static bool copy_texts(struct library_wasi *wasi, const struct smelt_options *options,
                       const char **names) {
    uint64_t size = text_bytes(options->arguments) + text_bytes(options->environment);
    for (size_t index = 0; index < options->directory_count; index++) {
        const struct smelt_directory *directory = &options->directories[index];
        size += strlen(directory->guest == NULL ? directory->host : directory->guest) + 1;
    }
    wasi->texts_size = smelt_host_page_round_up(size);
    wasi->texts = mmap(NULL, wasi->texts_size, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (wasi->texts == MAP_FAILED) {
        wasi->texts = NULL;
        return false;
    }
    struct wasi_state *state = &wasi->state;
    state->host.argument_count = count_of(options->arguments);
    state->host.environment_count = count_of(options->environment);
    state->host.arguments = wasi->texts;
    state->host.environment = (const char **)wasi->texts + state->host.argument_count + 1;
    char *bytes = (char *)(state->host.environment + state->host.environment_count + 1);
    copy_list(options->arguments, state->host.arguments, &bytes);
    copy_list(options->environment, (char **)state->host.environment, &bytes);
    *names = bytes;
    for (size_t index = 0; index < options->directory_count; index++) {
        const struct smelt_directory *directory = &options->directories[index];
        const char *name = directory->guest == NULL ? directory->host : directory->guest;
        size_t length = strlen(name) + 1;
        memcpy(bytes, name, length);
        bytes += length;
    }
    return true;
}

// A stream under a descriptor of its own: what the guest does to that is not done to the host's.
static const char *grant_stream(struct wasi_state *state, int stream) {
    int host = host_fcntl(stream, F_DUPFD_CLOEXEC, 3);
    if (host < 0) return errno == EBADF ? NULL : "a stream cannot be given to the guest";
    int flags = host_fcntl(host, F_GETFL, 0);
    struct wasi_fd *entry = &state->fds.first[stream];
    // Flags are the open file's, which the host has, too.
    const uint64_t rights = WASI_RIGHTS_ALL & ~(uint64_t)WASI_RIGHT_FD_FDSTAT_SET_FLAGS;
    if (flags < 0 || wasi_fd_describe(host, rights, 0, entry) != WASI_SUCCESS) {
        close(host);
        return "a stream cannot be given to the guest";
    }
    if (entry->file_type == WASI_FILETYPE_DIRECTORY) entry->rights_base = 0;
    entry->flags = wasi_fdflags_from_host(flags);
    state->host.streams[stream] = host + 1;
    return NULL;
}

static const char *grant_directory(struct wasi_state *state,
                                   const struct smelt_directory *directory, const char *name) {
    int host = openat(AT_FDCWD, directory->host, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (host < 0) return "a granted directory cannot be opened";
    int lifted = host_lift(host);
    if (lifted < 0) return "a granted directory cannot be used";
    struct wasi_fd entry;
    uint32_t fd;
    if (wasi_fd_describe(lifted, WASI_RIGHTS_DIRECTORY, WASI_RIGHTS_INHERITING, &entry) !=
        WASI_SUCCESS) {
        close(lifted);
        return "a granted directory cannot be used";
    }
    entry.preopen_name = name;
    entry.preopen_name_length = (uint32_t)strlen(name);
    entry.is_read_only = directory->is_read_only != 0;
    entry.is_proc = path_is_on_proc(lifted);
    if (fd_table_insert(&state->fds, &entry, &fd) != WASI_SUCCESS) {
        close(lifted);
        return "there are too many granted directories";
    }
    // Components have no numbers for their directories, but a list; the descriptor is the same.
    const struct host_directory granted = {
        .host = lifted,
        .is_read_only = entry.is_read_only,
        .is_proc = entry.is_proc,
        .name = name,
        .name_length = entry.preopen_name_length,
    };
    return host_add_directory(&state->host, &granted) ? NULL : no_memory;
}

// A descriptor of the guest's as another one of the same file; not open if there is no room for it.
static struct wasi_fd duplicate(const struct wasi_fd *entry) {
    struct wasi_fd copy = *entry;
    if (!entry->is_open) return copy;
    copy.directory_positions = NULL;
    copy.host = host_fcntl(entry->host, F_DUPFD_CLOEXEC, 3);
    copy.is_open = copy.host >= 0;
    return copy;
}

static uint64_t granted_bytes(const struct library_wasi *wasi) {
    return smelt_host_page_round_up(wasi->granted_count * sizeof(struct wasi_fd));
}

// Notes what the guest begins with.
static bool keep_granted(struct library_wasi *wasi, size_t directories) {
    struct fd_table *table = &wasi->state.fds;
    wasi->granted_count = (uint32_t)(3 + directories);
    wasi->granted = mmap(NULL, granted_bytes(wasi), PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (wasi->granted == MAP_FAILED) {
        wasi->granted = NULL;
        return false;
    }
    for (uint32_t fd = 0; fd < wasi->granted_count; fd++) {
        const struct wasi_fd *entry = fd_table_entry(table, fd);
        if (entry == NULL) break;
        wasi->granted[fd] = duplicate(entry);
        if (entry->is_open && !wasi->granted[fd].is_open) return false;
    }
    return true;
}

static const char *begin(struct wasi_state *state, const struct smelt_options *options) {
    struct library_wasi *wasi = (struct library_wasi *)state;
    if (options->directory_count > 0 && options->directories == NULL) {
        return "there are no granted directories where there should be some";
    }
    for (size_t index = 0; index < options->directory_count; index++) {
        if (options->directories[index].host == NULL) return "a granted directory has no path";
    }
    const char *name;
    if (!copy_texts(wasi, options, &name)) return no_memory;
    for (int stream = 0; stream < 3; stream++) {
        if ((options->streams >> stream & 1) == 0) continue;
        const char *problem = grant_stream(state, stream);
        if (problem != NULL) return problem;
    }
    for (size_t index = 0; index < options->directory_count; index++) {
        const char *problem = grant_directory(state, &options->directories[index], name);
        if (problem != NULL) return problem;
        name += strlen(name) + 1;
    }
    return keep_granted(wasi, options->directory_count) ? NULL : no_memory;
}

static void close_all(struct wasi_state *state) {
    struct wasi_fd *entry;
    if (p2_state_end != NULL) p2_state_end(&state->host);
    for (uint32_t fd = 0; (entry = (struct wasi_fd *)fd_table_entry(&state->fds, fd)) != NULL;
         fd++) {
        if (entry->is_open) fd_table_close(entry);
    }
    kept_directories_close(&state->host.kept);
}

static void end(struct wasi_state *state) {
    struct library_wasi *wasi = (struct library_wasi *)state;
    close_all(state);
    if (state->host.directory_capacity != 0) {
        munmap(state->host.directories,
               state->host.directory_capacity * sizeof(struct host_directory));
    }
    if (state->fds.more_capacity != 0) {
        munmap(state->fds.more, state->fds.more_capacity * sizeof(struct wasi_fd));
    }
    if (wasi->granted != NULL) {
        for (uint32_t fd = 0; fd < wasi->granted_count; fd++) {
            if (wasi->granted[fd].is_open) close(wasi->granted[fd].host);
        }
        munmap(wasi->granted, granted_bytes(wasi));
    }
    if (wasi->texts != NULL) munmap(wasi->texts, wasi->texts_size);
}

// What the guest has opened it has no longer, and what it has closed, replaced or given up it has again.
static bool reset(struct wasi_state *state) {
    struct library_wasi *wasi = (struct library_wasi *)state;
    bool is_complete = true;
    close_all(state);
    for (uint32_t fd = 0; fd < wasi->granted_count; fd++) {
        struct wasi_fd *entry = (struct wasi_fd *)fd_table_entry(&state->fds, fd);
        if (entry == NULL) break;
        *entry = duplicate(&wasi->granted[fd]);
        // What components know by other numbers is the same descriptor.
        if (fd < 3) {
            state->host.streams[fd] = entry->is_open ? entry->host + 1 : 0;
        } else if (fd - 3 < state->host.directory_count) {
            state->host.directories[fd - 3].host = entry->host;
        }
        if (wasi->granted[fd].is_open && !entry->is_open) is_complete = false;
    }
    return is_complete;
}

const struct smelt_library_wasi smelt_library_wasi = {sizeof(struct library_wasi), begin, reset,
                                                      end};

// Signals ---------------------------------------------------------------------------------------

static const uint64_t held = UINT64_C(1) << (SIGPIPE - 1) | UINT64_C(1) << (SIGXFSZ - 1);

uint64_t host_hold_signals(void) {
    uint64_t mask = 0;
    syscall(SYS_rt_sigprocmask, SIG_BLOCK, &held, &mask, SMELT_SIGNAL_SET_SIZE);
    return mask;
}

void host_release_signals(uint64_t mask, long result) {
    int error = errno;
    // One that the host held back itself may be older, and is the host's.
    uint64_t ours = held & ~mask;
    if (result < 0 && (error == EPIPE || error == EFBIG) && ours != 0) {
        static const struct timespec at_once = {0, 0};
        syscall(SYS_rt_sigtimedwait, &ours, NULL, &at_once, SMELT_SIGNAL_SET_SIZE);
    }
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, SMELT_SIGNAL_SET_SIZE);
    errno = error;
}
