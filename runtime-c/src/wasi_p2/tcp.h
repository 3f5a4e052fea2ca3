// TCP sockets.
#ifndef SMELT_WASI_P2_TCP_H
#define SMELT_WASI_P2_TCP_H

#include "sockets.h"

// The socket that the guest has.
static inline struct p2_socket *p2_tcp_of(const struct smelt_context *context,
                                          uint32_t representation) {
    return &p2_get(context, representation, &p2_tcp_class)->u.socket;
}

#endif
