// What becomes of what a program has from the start, in WASI 0.2. process/start.c refers to it weakly.
#ifndef SMELT_WASI_P2_ADOPT_H
#define SMELT_WASI_P2_ADOPT_H

struct host_state;

// Takes over the process's standard streams, those that are open; what is closed is /dev/null for the
// host from here on.
void smelt_p2_adopt_streams(struct host_state *state);

#endif
