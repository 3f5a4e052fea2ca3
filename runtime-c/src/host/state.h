// What belongs to one guest, whatever interface it sees the host through. All zeros is the state of a
// guest without arguments, environment, directories or network.
#ifndef SMELT_HOST_STATE_H
#define SMELT_HOST_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "kept.h"
#include "smelt/abi.h"

// A directory that was granted, or one inside the executable.
struct host_directory {
    int host;                                // -1 for embedded ones
    bool is_read_only;
    bool is_proc;                            // on a /proc file system (host_path_open)
    const struct smelt_embedded_node *node;  // of an embedded one, else null
    const char *name;                        // the guest's; not zero-terminated
    uint32_t name_length;
};

struct host_state {
    uint32_t argument_count;
    char **arguments;
    char **host_environment;   // what the process was started with; the guest sees what is granted
    const char *grants;        // smelt_program.grants
    const struct smelt_embedded *embedded;  // smelt_program.embedded
    char *variable_grants;     // SMELT_GRANTS, split into words; null until then
    char *variable_grants_end;
    const char **environment;  // NAME=VALUE, environment_count of them
    uint32_t environment_count;
    uint32_t environment_capacity;
    struct host_directory *directories;
    uint32_t directory_count;
    uint32_t directory_capacity;
    struct kept_directories kept;
    // The standard streams that the guest has, plus 1; 0 for one that is closed.
    int streams[3];
    struct host_network *network;  // network.h; null if nothing of it is granted
    void *components;               // the state of WASI 0.2 (wasi_p2/state.h), null until it is needed
};

// Makes room for one more element in an array of mapped memory; false if there is none.
bool host_array_grow(void **elements, uint32_t *capacity, uint32_t count, uint32_t element_size);

// Adds a directory; false if there is no memory for it.
bool host_add_directory(struct host_state *state, const struct host_directory *directory);

#endif
