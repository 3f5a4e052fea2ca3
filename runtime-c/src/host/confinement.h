// Where files may be opened at all, whatever a path says (Landlock).
#ifndef SMELT_HOST_CONFINEMENT_H
#define SMELT_HOST_CONFINEMENT_H

#include <stdbool.h>

struct host_state;

// Bounds what files can be opened to the directories that the guest was granted, and returns whether
// there are any.
bool smelt_confine_files(const struct host_state *state);

#endif
