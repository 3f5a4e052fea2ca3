// Grants of the network: which addresses a guest may listen on, and whom it may connect to. A guest of
// WASI 0.2 makes its sockets itself, and each address that it names comes through here first.
//
// A name that is granted stands for the addresses that looking it up has given, and for no others.
#ifndef SMELT_HOST_NETWORK_H
#define SMELT_HOST_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "addresses.h"
#include "state.h"

enum { NETWORK_GRANTS = 64, NETWORK_ADDRESSES = 256 };

struct network_grant {
    bool listens;     // else it connects
    bool any_host, any_port;
    in_port_t port;   // as the network has it
    const char *name; // of the host, `length` bytes; null for an address
    size_t length;
    union host_address address;
};

struct network_address {
    union host_address address;  // without a port
    uint32_t grant;              // whose name it is an address of
};

enum { NETWORK_SERVERS = 3 };

struct host_network {
    uint32_t grant_count, address_count, server_count;
    union host_address servers[NETWORK_SERVERS];  // that know names (names.h)
    const char *hosts;                            // the text of /etc/hosts, null for none
    size_t hosts_length;
    struct network_grant grants[NETWORK_GRANTS];
    struct network_address addresses[NETWORK_ADDRESSES];  // the latest ones, in a ring
};

// Whether a guest may do these things with an address.
bool network_may_connect(const struct host_network *network, const union host_address *address);
bool network_may_listen(const struct host_network *network, const union host_address *address);

// Whether a guest may look up a name.
bool network_may_look_up(const struct host_network *network, const char *name, size_t length);

// Notes an address of a name that a guest may look up.
void network_note(struct host_network *network, const char *name, size_t length,
                  const union host_address *address);

// Whether two names are, as the domain name system compares them.
bool network_is_same_name(const char *one, size_t one_length, const char *two, size_t two_length);

// Whether two addresses are the same, but for their ports.
bool network_is_same_host(const union host_address *one, const union host_address *two);

#endif
