// Granted directories: found by the guest through fd_prestat_get and fd_prestat_dir_name.
#include <string.h>

#include "adopt.h"
#include "core/guest.h"
#include "core/message.h"
#include "fd_table.h"
#include "host/grants.h"
#include "rights.h"
#include "smelt/wasi_functions.h"
#include "state.h"
#include "wasi.h"

// A library is granted directories by its host (embed/wasi.c).
#if !defined(SMELT_LIBRARY)

// Who has descriptors for directories needs those that were granted: this brings them (see grants.h).
__attribute__((used)) static void (*const needs)(struct host_state *) = smelt_grant_directories;

static void adopt(struct wasi_state *state, const struct host_directory *directory) {
    struct wasi_fd entry;
    uint32_t fd;
    uint32_t error = WASI_SUCCESS;
    if (directory->node != NULL) {
        wasi_fd_describe_embedded(directory->node, WASI_RIGHTS_DIRECTORY, WASI_RIGHTS_INHERITING,
                                  &entry);
    } else {
        error = wasi_fd_describe(directory->host, WASI_RIGHTS_DIRECTORY, WASI_RIGHTS_INHERITING,
                                 &entry);
    }
    entry.preopen_name = directory->name;
    entry.preopen_name_length = directory->name_length;
    entry.is_read_only = directory->is_read_only;
    entry.is_proc = directory->is_proc;
    if (error != WASI_SUCCESS || fd_table_insert(&state->fds, &entry, &fd) != WASI_SUCCESS) {
        smelt_fail("a granted directory cannot be used");
    }
}

void fd_table_adopt_directories(struct wasi_state *state) {
    for (uint32_t index = 0; index < state->host.directory_count; index++) {
        adopt(state, &state->host.directories[index]);
    }
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
