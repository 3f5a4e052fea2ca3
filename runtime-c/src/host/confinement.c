// Landlock: of all files of the host, only those beneath the granted directories can be opened,
// made, renamed or removed by this process, whatever code runs in it. It bounds what a defect in the
// path sandbox could do; nothing that a guest is allowed fails because of it.
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "confinement.h"
#include "core/refusal.h"
#include "core/system_calls.h"
#include "network.h"
#include "state.h"

// linux/landlock.h, which musl does not have; the numbers are the same on all architectures.
enum { CALL_CREATE_RULESET = 444, CALL_ADD_RULE = 445, CALL_RESTRICT_SELF = 446 };
enum { CREATE_RULESET_VERSION = 1, RULE_PATH_BENEATH = 1, RULE_NETWORK_PORT = 2 };
enum { NETWORK_BIND = 1, NETWORK_CONNECT = 2 };
struct ruleset {
    uint64_t files, network, scoped;
};
struct __attribute__((packed)) path_beneath {
    uint64_t allowed;
    int32_t directory;
};

struct network_port {
    uint64_t allowed, port;
};

static const uint64_t access_execute = 1 << 0;
static const uint64_t access_read = 1 << 2 | 1 << 3;  // files, directories
static const uint64_t access_truncate = 1 << 14;

// The interface's version decides what it knows; older kernels refuse the rest.
static struct ruleset all_of(long version) {
    struct ruleset ruleset;
    memset(&ruleset, 0, sizeof ruleset);
    // Not the control of devices (bit 15): the filter of system calls allows two harmless ones.
    ruleset.files = access_truncate * 2 - 1;
    if (version < 3) ruleset.files &= ~access_truncate;
    if (version >= 4) ruleset.network = NETWORK_BIND | NETWORK_CONNECT;
    if (version >= 6) ruleset.scoped = 3;   // abstract sockets, signals
    return ruleset;
}

// What the rules for ports cannot express is left to the check of each address (network.h): grants of
// any port. Otherwise connections go to the granted ports, whatever the address. (Port 0, where the
// kernel chooses, is for clients, and for those that were granted it.)
static uint64_t restrictable(const struct host_network *network, uint64_t accesses) {
    for (uint32_t index = 0; network != NULL && index < network->grant_count; index++) {
        if (network->grants[index].any_port) accesses &= ~(uint64_t)NETWORK_CONNECT;
    }
    return accesses;
}

static bool allow_ports(int rules, const struct host_network *network, uint64_t accesses) {
    bool is_complete = true;
    for (uint32_t index = 0; network != NULL && index < network->grant_count; index++) {
        const struct network_grant *grant = &network->grants[index];
        struct network_port rule = {grant->listens ? NETWORK_BIND : NETWORK_CONNECT,
                                    ntohs(grant->port)};
        if ((accesses & rule.allowed) != 0) {
            is_complete &= syscall(CALL_ADD_RULE, rules, RULE_NETWORK_PORT, &rule, 0) == 0;
        }
        const struct network_port any = {NETWORK_BIND, 0};
        if ((accesses & NETWORK_BIND) != 0) {
            is_complete &= syscall(CALL_ADD_RULE, rules, RULE_NETWORK_PORT, &any, 0) == 0;
        }
    }
    return is_complete;
}

static bool restrict_to_directories(const struct host_state *state, long version) {
    struct ruleset ruleset = all_of(version);
    ruleset.network = restrictable(state->network, ruleset.network);
    int rules = (int)syscall(CALL_CREATE_RULESET, &ruleset, sizeof ruleset, 0);
    if (rules < 0) return false;
    bool is_complete = allow_ports(rules, state->network, ruleset.network);
    for (uint32_t index = 0; index < state->directory_count; index++) {
        const struct host_directory *entry = &state->directories[index];
        if (entry->node != NULL) continue;
        struct path_beneath rule = {
            entry->is_read_only ? access_read : ruleset.files & ~access_execute, entry->host};
        is_complete =
            syscall(CALL_ADD_RULE, rules, RULE_PATH_BENEATH, &rule, 0) == 0 && is_complete;
    }
    // A rule that is missing would take something away that was granted.
    is_complete = is_complete && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                  syscall(CALL_RESTRICT_SELF, rules, 0) == 0;
    close(rules);
    return is_complete;
}

bool smelt_confine_files(const struct host_state *state) {
    bool has_directories = false;
    for (uint32_t index = 0; index < state->directory_count; index++) {
        has_directories = has_directories || state->directories[index].node == NULL;
    }
    if (!has_directories) return false;

    long version = syscall(CALL_CREATE_RULESET, NULL, 0, CREATE_RULESET_VERSION);
    // The kernel was built without it, or started without it.
    bool is_missing = version < 0 && (errno == ENOSYS || errno == EOPNOTSUPP);
    // The first version could not rename between directories.
    if (is_missing || version == 1) return true;
    if (version < 0 || !restrict_to_directories(state, version)) {
        smelt_lockdown_refused("Landlock");
    }
    return true;
}
