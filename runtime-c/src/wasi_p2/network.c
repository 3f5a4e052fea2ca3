// wasi:sockets/network and instance-network: errors and addresses.
#include <errno.h>
#include <string.h>

#include "arena.h"
#include "host/network.h"
#include "smelt/component_functions.h"
#include "sockets.h"

const struct p2_class p2_network_class = {.name = "network"};

uint32_t smelt_p2_sockets_instance_network_instance_network(struct smelt_context *context) {
    struct p2_resource *network;
    return p2_new(p2_state_of(context), &p2_network_class, 0, &network);
}

void smelt_p2_sockets_network_drop_network(struct smelt_context *context,
                                           uint32_t representation) {
    p2_drop(context, representation, &p2_network_class);
}

int p2_network_error_of(int error) {
    switch (error) {
    case EACCES:
    case EPERM: return P2_ACCESS_DENIED;
    case EOPNOTSUPP:
    case EAFNOSUPPORT:
    case EPROTONOSUPPORT:
    case ENOPROTOOPT: return P2_NOT_SUPPORTED;
    case EINVAL: return P2_INVALID_ARGUMENT;
    case ENOMEM:
    case ENOBUFS: return P2_OUT_OF_MEMORY;
    case ETIMEDOUT: return P2_TIMEOUT;
    case EALREADY: return P2_CONCURRENCY_CONFLICT;
    case EAGAIN:
    case EINPROGRESS: return P2_WOULD_BLOCK;
    case EISCONN:
    case ENOTCONN: return P2_INVALID_STATE;
    case EMFILE:
    case ENFILE: return P2_NEW_SOCKET_LIMIT;
    case EADDRNOTAVAIL: return P2_ADDRESS_NOT_BINDABLE;
    case EADDRINUSE: return P2_ADDRESS_IN_USE;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case EHOSTDOWN:
    case ENETDOWN: return P2_REMOTE_UNREACHABLE;
    case ECONNREFUSED: return P2_CONNECTION_REFUSED;
    case ECONNRESET: return P2_CONNECTION_RESET;
    case ECONNABORTED: return P2_CONNECTION_ABORTED;
    case EMSGSIZE: return P2_DATAGRAM_TOO_LARGE;
    default: return P2_UNKNOWN;
    }
}

uint32_t smelt_p2_sockets_network_network_error_code(struct smelt_context *context,
                                                     uint32_t representation) {
    const struct p2_error *error = &p2_get(context, representation, &p2_error_class)->u.error;
    return arena_outcome(context, error->origin == P2_ERROR_OF_SOCKET,
                         (uint32_t)p2_network_error_of(error->code));
}

uint32_t p2_network_outcome(const struct smelt_context *context, int error) {
    return arena_outcome(context, error != P2_NETWORK_DONE, (uint32_t)error);
}

socklen_t p2_address_size(const union host_address *address) {
    return address->any.sa_family == AF_INET ? sizeof address->v4 : sizeof address->v6;
}

socklen_t p2_address_from_flat(uint32_t family, const uint32_t flat[P2_FLAT_SIZE],
                               union host_address *address) {
    memset(address, 0, sizeof *address);
    // The port is at the same place in both.
    address->v4.sin_port = htons((uint16_t)flat[0]);
    if (family == P2_IPV4) {
        address->v4.sin_family = AF_INET;
        uint32_t host = flat[1] << 24 | (flat[2] & 0xff) << 16 | (flat[3] & 0xff) << 8;
        address->v4.sin_addr.s_addr = htonl(host | (flat[4] & 0xff));
    } else {
        address->v6.sin6_family = AF_INET6;
        address->v6.sin6_flowinfo = htonl(flat[1]);
        for (size_t index = 0; index < 8; index++) {
            address->v6.sin6_addr.s6_addr[2 * index] = (uint8_t)(flat[2 + index] >> 8);
            address->v6.sin6_addr.s6_addr[2 * index + 1] = (uint8_t)flat[2 + index];
        }
        address->v6.sin6_scope_id = flat[10];
    }
    return p2_address_size(address);
}

socklen_t p2_address_load(const uint8_t *place, union host_address *address) {
    uint32_t flat[P2_FLAT_SIZE] = {0};
    const uint8_t *record = place + 4;
    flat[0] = guest_load_u16(record);
    if (place[0] == P2_IPV4) {
        for (size_t index = 0; index < 4; index++) flat[1 + index] = record[2 + index];
    } else {
        flat[1] = guest_load_u32(record + 4);
        for (size_t index = 0; index < 8; index++) {
            flat[2 + index] = guest_load_u16(record + 8 + 2 * index);
        }
        flat[10] = guest_load_u32(record + 24);
    }
    return p2_address_from_flat(place[0], flat, address);
}

static void store_v6(uint8_t *place, const struct in6_addr *host) {
    for (size_t index = 0; index < 8; index++) {
        uint16_t part = (uint16_t)(host->s6_addr[2 * index] << 8 | host->s6_addr[2 * index + 1]);
        guest_store_u16(place + 2 * index, part);
    }
}

void p2_address_store(uint8_t *place, const union host_address *address) {
    uint8_t *record = place + 4;
    guest_store_u16(record, ntohs(address->v4.sin_port));
    if (address->any.sa_family == AF_INET) {
        place[0] = P2_IPV4;
        memcpy(record + 2, &address->v4.sin_addr, 4);
        return;
    }
    place[0] = P2_IPV6;
    guest_store_u32(record + 4, ntohl(address->v6.sin6_flowinfo));
    store_v6(record + 8, &address->v6.sin6_addr);
    guest_store_u32(record + 24, address->v6.sin6_scope_id);
}

void p2_host_store(uint8_t *place, const union host_address *address) {
    if (address->any.sa_family == AF_INET) {
        place[0] = P2_IPV4;
        memcpy(place + 2, &address->v4.sin_addr, 4);
    } else {
        place[0] = P2_IPV6;
        store_v6(place + 2, &address->v6.sin6_addr);
    }
}

static bool is_of_family(uint8_t family, const union host_address *address) {
    return address->any.sa_family == (family == P2_IPV4 ? AF_INET : AF_INET6);
}

// Neither of many, nor an IPv4 address in the clothes of an IPv6 one.
static bool is_plain(const union host_address *address) {
    if (address->any.sa_family == AF_INET) {
        uint32_t host = ntohl(address->v4.sin_addr.s_addr);
        return host >> 28 != 0xe && host != UINT32_MAX;
    }
    return !IN6_IS_ADDR_V4MAPPED(&address->v6.sin6_addr) &&
           !IN6_IS_ADDR_MULTICAST(&address->v6.sin6_addr);
}

bool p2_may_be_bound(uint8_t family, const union host_address *address) {
    return is_of_family(family, address) && is_plain(address);
}

bool p2_may_be_remote(uint8_t family, const union host_address *address) {
    bool is_unspecified = address->any.sa_family == AF_INET
                              ? address->v4.sin_addr.s_addr == 0
                              : IN6_IS_ADDR_UNSPECIFIED(&address->v6.sin6_addr);
    return p2_may_be_bound(family, address) && !is_unspecified && address->v4.sin_port != 0;
}
