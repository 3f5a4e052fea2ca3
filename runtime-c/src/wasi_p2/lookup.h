// Looking up names, for the guest and for the host's own connections.
#ifndef SMELT_WASI_P2_LOOKUP_H
#define SMELT_WASI_P2_LOOKUP_H

#include "host/names.h"
#include "state.h"

// Begins to look up a valid name that the guest may look up; 0 if there is no memory. The resource is
// the guest's unless the caller says otherwise.
uint32_t p2_new_lookup(struct p2_state *state, const char *name, size_t length,
                       const union host_address *address);

// Goes on without waiting: whether it is over. Then the list has what was found.
bool p2_lookup_advance(struct p2_state *state, uint32_t representation,
                       const struct names_list **list);

// Says what it waits for.
void p2_lookup_prepare(struct p2_state *state, struct p2_resource *resource, struct p2_wait *wait);

#endif
