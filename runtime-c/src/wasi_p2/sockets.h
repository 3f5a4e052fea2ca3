// What the interfaces of wasi:sockets have in common. A guest may do nothing that was not granted
// (host/network.h), and without any grant no system call is made: the lockdown has taken them away.
#ifndef SMELT_WASI_P2_SOCKETS_H
#define SMELT_WASI_P2_SOCKETS_H

#include "arena.h"
#include "host/addresses.h"
#include "state.h"
#include "streams.h"

// error-code of wasi:sockets/network; P2_NETWORK_DONE for none.
enum p2_network_error {
    P2_NETWORK_DONE = -1,
    P2_UNKNOWN = 0,
    P2_ACCESS_DENIED,
    P2_NOT_SUPPORTED,
    P2_INVALID_ARGUMENT,
    P2_OUT_OF_MEMORY,
    P2_TIMEOUT,
    P2_CONCURRENCY_CONFLICT,
    P2_NOT_IN_PROGRESS,
    P2_WOULD_BLOCK,
    P2_INVALID_STATE,
    P2_NEW_SOCKET_LIMIT,
    P2_ADDRESS_NOT_BINDABLE,
    P2_ADDRESS_IN_USE,
    P2_REMOTE_UNREACHABLE,
    P2_CONNECTION_REFUSED,
    P2_CONNECTION_RESET,
    P2_CONNECTION_ABORTED,
    P2_DATAGRAM_TOO_LARGE,
    P2_NAME_UNRESOLVABLE,
    P2_TEMPORARY_RESOLVER_FAILURE,
    P2_PERMANENT_RESOLVER_FAILURE,
};

enum { P2_IPV4 = 0, P2_IPV6 = 1 };

enum p2_socket_state {
    P2_UNBOUND,
    P2_BINDING,
    P2_BOUND,
    P2_STARTED_LISTENING,
    P2_LISTENING,
    P2_CONNECTING,
    P2_CONNECTED,
    P2_CLOSED,
};

extern const struct p2_class p2_network_class;
extern const struct p2_class p2_tcp_class;
extern const struct p2_class p2_udp_class;

// The error of the last system call that failed.
int p2_network_error_of(int error);

// result<_, error-code>
uint32_t p2_network_outcome(const struct smelt_context *context, int error);

// The flat form of an ip-socket-address: its case, and what is in it.
#define P2_FLAT_ADDRESS                                                                          \
    uint32_t family, uint32_t a0, uint32_t a1, uint32_t a2, uint32_t a3, uint32_t a4,            \
        uint32_t a5, uint32_t a6, uint32_t a7, uint32_t a8, uint32_t a9, uint32_t a10
#define P2_FLAT_ARRAY {a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10}

// Addresses from and to that form, and from and to the arena (P2_ADDRESS_SIZE bytes).
enum { P2_ADDRESS_SIZE = 32, P2_FLAT_SIZE = 11 };
socklen_t p2_address_from_flat(uint32_t family, const uint32_t flat[P2_FLAT_SIZE],
                               union host_address *address);
socklen_t p2_address_load(const uint8_t *place, union host_address *address);
void p2_address_store(uint8_t *place, const union host_address *address);

// An ip-address, 18 bytes.
void p2_host_store(uint8_t *place, const union host_address *address);

// The size of an address by its family.
socklen_t p2_address_size(const union host_address *address);

// Whether a socket of a family may be bound to an address, or connected to it: its family and its kind
// fit.
bool p2_may_be_bound(uint8_t family, const union host_address *address);
bool p2_may_be_remote(uint8_t family, const union host_address *address);

// A new socket of the host's, -1 and errno. Nothing is asked of the kernel without a grant: EACCES.
int p2_socket_new(const struct host_state *host, uint8_t family, int type);

// Binds a socket if that is granted. Clients may be bound where the kernel chooses the port.
int p2_bind(const struct host_state *host, struct p2_socket *socket,
                              const union host_address *address);

// result<ip-socket-address, error-code> of one end of a socket.
uint32_t p2_end_of(const struct smelt_context *context, const struct p2_socket *socket,
                   bool is_remote, int error);

// Options that are numbers.
uint32_t p2_get_option(const struct smelt_context *context, const struct p2_socket *socket,
                       int level, int option, uint64_t unit, uint8_t size);
uint32_t p2_set_option(const struct smelt_context *context, const struct p2_socket *socket,
                       int level, int option, uint64_t value, uint64_t maximum);
// How far packets go.
uint32_t p2_get_hops(const struct smelt_context *context, const struct p2_socket *socket);
uint32_t p2_set_hops(const struct smelt_context *context, const struct p2_socket *socket,
                     uint32_t value);

// Streams of a connection.
extern const struct p2_input_source p2_input_socket;
extern const struct p2_output_source p2_output_socket;

#endif
