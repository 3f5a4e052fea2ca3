// What becomes of grants in preview 1: descriptors. As with grants (host/grants.h), process/start.c refers to
// these weakly, and what needs them brings them.
#ifndef SMELT_WASI_ADOPT_H
#define SMELT_WASI_ADOPT_H

struct wasi_state;

// Gives the granted directories descriptors from 3 on.
void fd_table_adopt_directories(struct wasi_state *state);

// Listens on the granted addresses; ends the program with a message if that cannot be done. Directories
// have their descriptors by then.
void smelt_grant_sockets(struct wasi_state *state);

#endif
