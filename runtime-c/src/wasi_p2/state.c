// The table of resources.
#include "state.h"

#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include "core/system_calls.h"

#if defined(SMELT_LIBRARY)

static struct p2_state *new_state(void) {
    void *state = mmap(NULL, sizeof(struct p2_state), PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (state == MAP_FAILED) p2_fail("there is no memory for", "the resources of a component");
    return state;
}

#else

// A program has one guest.
static struct p2_state *new_state(void) {
    static struct p2_state state;
    return &state;
}

#endif

struct p2_state *p2_state_of(const struct smelt_context *context) {
    struct host_state *host = context->wasi;
    if (host->components == NULL) {
        struct p2_state *state = new_state();
        state->host = host;
        host->components = state;
    }
    return host->components;
}

static struct p2_resource *entry_at(struct p2_state *state, uint32_t representation) {
    uint32_t index = representation - 1;
    if (index < P2_FIRST) return &state->first[index];
    index -= P2_FIRST;
    return &state->chunks[index / P2_CHUNK][index % P2_CHUNK];
}

struct p2_resource *p2_at(struct p2_state *state, uint32_t representation) {
    if (representation == 0 || representation > state->count) {
        p2_fail("a component uses what is no resource:", "a number that was never given out");
    }
    return entry_at(state, representation);
}

static void make_room(struct p2_state *state) {
    SMELT_CALLS_IF(mmap, SMELT_CALL_NOT_CODE);
    if (state->count < P2_FIRST || (state->count - P2_FIRST) % P2_CHUNK != 0) return;
    uint32_t chunk = (state->count - P2_FIRST) / P2_CHUNK;
    void *memory = MAP_FAILED;
    if (chunk < P2_CHUNK_LIMIT) {
        memory = mmap(NULL, P2_CHUNK * sizeof(struct p2_resource), PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    }
    if (memory == MAP_FAILED) p2_fail("there is no memory for", "more resources of a component");
    state->chunks[chunk] = memory;
}

uint32_t p2_new(struct p2_state *state, const struct p2_class *class, uint32_t parent,
                struct p2_resource **resource) {
    uint32_t representation = state->free;
    if (representation == 0) {
        make_room(state);
        representation = ++state->count;
    } else {
        state->free = entry_at(state, representation)->parent;
    }
    struct p2_resource *entry = entry_at(state, representation);
    memset(entry, 0, sizeof *entry);
    entry->class = class;
    entry->has_handle = true;
    entry->parent = parent;
    if (parent != 0) p2_keep(state, parent);
    *resource = entry;
    return representation;
}

struct p2_resource *p2_get(const struct smelt_context *context, uint32_t representation,
                           const struct p2_class *class) {
    struct p2_resource *entry = p2_at(p2_state_of(context), representation);
    if (entry->class != class || !entry->has_handle) {
        p2_fail("a component uses something else as the resource", class->name);
    }
    return entry;
}

void p2_keep(struct p2_state *state, uint32_t representation) {
    if (++p2_at(state, representation)->children == 0) p2_fail("there are too many of", "a resource");
}

// Ends what nobody has any more, and what only that has kept.
static void sweep(struct p2_state *state, uint32_t representation) {
    while (representation != 0) {
        struct p2_resource *entry = entry_at(state, representation);
        if (entry->has_handle || entry->children != 0) return;
        uint32_t parent = entry->parent;
        if (entry->class->end != NULL) entry->class->end(state, entry);
        entry->class = NULL;
        entry->parent = state->free;
        state->free = representation;
        if (parent != 0) entry_at(state, parent)->children--;
        representation = parent;
    }
}

void p2_release(struct p2_state *state, uint32_t representation) {
    struct p2_resource *entry = p2_at(state, representation);
    if (entry->class == NULL || entry->children == 0) p2_fail("nobody keeps", "a resource");
    entry->children--;
    sweep(state, representation);
}

void p2_drop(const struct smelt_context *context, uint32_t representation,
             const struct p2_class *class) {
    p2_get(context, representation, class)->has_handle = false;
    sweep(p2_state_of(context), representation);
}

void p2_state_end(struct host_state *host) {
    struct p2_state *state = host->components;
    if (state == NULL) return;
    // What the guest has keeps all others.
    for (uint32_t representation = 1; representation <= state->count; representation++) {
        struct p2_resource *entry = entry_at(state, representation);
        if (entry->class == NULL || !entry->has_handle) continue;
        entry->has_handle = false;
        sweep(state, representation);
    }
    for (uint32_t chunk = 0; chunk < P2_CHUNK_LIMIT && state->chunks[chunk] != NULL; chunk++) {
        munmap(state->chunks[chunk], P2_CHUNK * sizeof(struct p2_resource));
        state->chunks[chunk] = NULL;
    }
    while (state->slabs != NULL) {
        void **slab = state->slabs;
        state->slabs = *slab;
        munmap(slab, P2_HEAP_SLAB);
    }
    memset(state->free_blocks, 0, sizeof state->free_blocks);
    state->slab_left = 0;
    state->count = 0;
    state->free = 0;
    host->components = NULL;
#if defined(SMELT_LIBRARY)
    munmap(state, sizeof *state);
#endif
}
