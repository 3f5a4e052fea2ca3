// What WASI 0.2 keeps of one guest: a table of the resources that the host has defined. A resource is
// known by its representation, a number from 1 on. SECURITY: a guest has handles, which the generated
// adapters check; the numbers here are checked again at every use, and a wrong one ends the guest.
//
// A resource lives as long as the guest has it, or another one that was made from it: a stream
// keeps its file, a pollable its stream. So the guest may drop them in any order.
#ifndef SMELT_WASI_P2_STATE_H
#define SMELT_WASI_P2_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/addresses.h"
#include "host/state.h"
#include "smelt/abi.h"

struct p2_resource;
struct p2_state;
struct p2_input_source;
struct p2_output_source;

// What a pollable waits for; the first of these that comes makes it ready.
struct p2_wait {
    bool is_ready;
    bool is_hint;       // what comes may not be enough: preparing again tells
    short events;       // of poll(2)
    int fd;             // -1 for none
    uint64_t deadline;  // by the monotonic clock, UINT64_MAX for none
};

// What all resources of a kind have in common; its address tells the kind.
struct p2_class {
    const char *name;  // as in WIT
    // Gives back what the resource has; null for nothing.
    void (*end)(struct p2_state *state, struct p2_resource *resource);
    // Says what a pollable of it waits for; null if there are none.
    void (*prepare)(struct p2_state *state, struct p2_resource *resource, struct p2_wait *wait);
};

// Where the number of an error is from.
enum p2_error_origin { P2_ERROR_OF_FILE, P2_ERROR_OF_SOCKET, P2_ERROR_OF_HTTP };

struct p2_error {
    enum p2_error_origin origin;
    int code;  // of Linux; of HTTP, the number of the case
};

struct p2_input {
    const struct p2_input_source *source;
    bool is_closed;
    int fd;
    const struct smelt_embedded_node *node;
    uint64_t position;
};

struct p2_output {
    const struct p2_output_source *source;
    bool is_closed;
    bool appends;
    int fd;
    uint64_t position;
    struct p2_pending *pending;  // of a connection: what could not be sent yet, or null
};

struct p2_descriptor {
    int fd;         // -1 for embedded ones
    uint8_t flags;  // descriptor-flags
    bool is_directory;
    bool is_read_only;
    bool is_proc;
    bool is_granted;  // its descriptor is not its own to close
    const struct smelt_embedded_node *node;
};

struct p2_directory_stream {
    int fd;
    const struct smelt_embedded_node *node;
    uint64_t position;  // of an embedded directory: the next entry
    uint8_t *buffer;    // entries that the kernel has given
    uint32_t used, length;
};

struct p2_socket {
    int fd;
    uint8_t family;  // ip-address-family
    uint8_t state;   // enum p2_socket_state
    uint8_t failure;  // error-code of what has been started
    bool may_listen;
    uint32_t backlog;
};

struct p2_datagrams {
    int fd;
    uint8_t family;
    bool has_remote;
    bool may_receive_all;
    union host_address remote;
};

struct p2_object {
    void *memory;  // of the kind's own type
};

struct p2_resource {
    const struct p2_class *class;  // null for an unused entry
    uint32_t parent;               // that it keeps, or 0; of an unused entry: the next one
    uint32_t children;             // how many keep it
    bool has_handle;               // the guest has it
    union {
        struct p2_error error;
        uint64_t deadline;  // of a pollable without a parent
        struct p2_input input;
        struct p2_output output;
        struct p2_descriptor descriptor;
        struct p2_directory_stream directory;
        struct p2_socket socket;
        struct p2_datagrams datagrams;
        struct p2_object object;
    } u;
};

enum { P2_FIRST = 32, P2_CHUNK = 512, P2_CHUNK_LIMIT = 2048, P2_HEAP_CLASSES = 12,
       P2_HEAP_SLAB = 1 << 18 };

struct p2_state {
    struct host_state *host;
    uint32_t count;  // of entries that were ever used
    uint32_t free;   // the first unused one among them, or 0
    struct p2_resource first[P2_FIRST];  // most programs need no more
    struct p2_resource *chunks[P2_CHUNK_LIMIT];
    // heap.h: unused blocks of each size, and slabs that they are cut from.
    void *free_blocks[P2_HEAP_CLASSES];
    void **slabs;
    size_t slab_left;
};

// The state of a guest. It begins with the first use.
struct p2_state *p2_state_of(const struct smelt_context *context);

// Gives back all that a guest has.
void p2_state_end(struct host_state *host);

// A new resource, all zeros but for its kind and the one that it keeps (0 for none), which the guest
// gets. Entries do not move.
uint32_t p2_new(struct p2_state *state, const struct p2_class *class, uint32_t parent,
                struct p2_resource **resource);

// One that the guest has; anything else ends the guest.
struct p2_resource *p2_get(const struct smelt_context *context, uint32_t representation,
                           const struct p2_class *class);

// One that is kept, of whatever kind.
struct p2_resource *p2_at(struct p2_state *state, uint32_t representation);

// Ends one that the guest had, at once or with the last one that keeps it.
void p2_drop(const struct smelt_context *context, uint32_t representation,
             const struct p2_class *class);

// Has a resource keep another one, and the reverse.
void p2_keep(struct p2_state *state, uint32_t representation);
void p2_release(struct p2_state *state, uint32_t representation);

// Ends the guest: what it did cannot be, or there is no memory.
_Noreturn void p2_fail(const char *what, const char *which);

#endif
