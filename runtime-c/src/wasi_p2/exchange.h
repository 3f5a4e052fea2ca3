// A request on its way, and the response to it: one connection of HTTP/1.1 each. It goes on whenever
// somebody asks for something of it; nothing here waits.
#ifndef SMELT_WASI_P2_EXCHANGE_H
#define SMELT_WASI_P2_EXCHANGE_H

#include "http.h"
#include "http_reader.h"
#include "lookup.h"

enum p2_exchange_phase {
    P2_EXCHANGE_LOOKUP,
    P2_EXCHANGE_CONNECT,
    P2_EXCHANGE_TRANSFER,
    P2_EXCHANGE_ENDED,  // the connection is closed; what was received may still be read
};

struct p2_exchange {
    int fd;  // -1 for none
    uint8_t phase;
    int failure;           // enum p2_http_error
    uint32_t lookup;       // that it keeps, or 0
    uint32_t body;         // that it keeps, or 0
    in_port_t port;
    struct names_list addresses;  // that are left to try
    uint32_t next_address;
    struct p2_http_options options;
    uint64_t deadline;     // of what it waits for
    struct p2_text head;   // of the request
    size_t sent;           // of it
    bool is_refused;       // the other side takes no more
    struct http_reader reader;
};

extern const struct p2_class p2_exchange_class;

// Begins to send a request, which keeps its body: the number of a resource of the host's own.
uint32_t p2_new_exchange(struct p2_state *state, const struct p2_http_request *request,
                         const struct p2_http_options *options, int *error);
struct p2_exchange *p2_exchange_at(struct p2_state *state, uint32_t representation);

// Goes on as far as is possible without waiting.
void p2_exchange_advance(struct p2_state *state, uint32_t representation);

// Says what it waits for; the caller decides what is ready.
void p2_exchange_prepare(struct p2_state *state, uint32_t representation, struct p2_wait *wait);

#endif
