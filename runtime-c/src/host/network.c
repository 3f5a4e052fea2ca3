// Grants of the network: comparing addresses and names with them.
#include "network.h"

#include <string.h>

// Names are compared as the domain name system does.
static char lower(char character) {
    return character >= 'A' && character <= 'Z' ? (char)(character + ('a' - 'A')) : character;
}

bool network_is_same_name(const char *one, size_t one_length, const char *two, size_t two_length) {
    if (one_length > 0 && one[one_length - 1] == '.') one_length--;
    if (two_length > 0 && two[two_length - 1] == '.') two_length--;
    if (one_length != two_length) return false;
    for (size_t index = 0; index < one_length; index++) {
        if (lower(one[index]) != lower(two[index])) return false;
    }
    return true;
}

bool network_is_same_host(const union host_address *one, const union host_address *two) {
    if (one->any.sa_family != two->any.sa_family) return false;
    if (one->any.sa_family == AF_INET) {
        return one->v4.sin_addr.s_addr == two->v4.sin_addr.s_addr;
    }
    return memcmp(&one->v6.sin6_addr, &two->v6.sin6_addr, sizeof one->v6.sin6_addr) == 0;
}

static bool is_unspecified(const union host_address *address) {
    static const struct in6_addr zeros;
    if (address->any.sa_family == AF_INET) return address->v4.sin_addr.s_addr == 0;
    return memcmp(&address->v6.sin6_addr, &zeros, sizeof zeros) == 0;
}

// Whether an address is one of a name's.
static bool is_address_of(const struct host_network *network, uint32_t grant,
                          const union host_address *address) {
    uint32_t count = network->address_count;
    if (count > NETWORK_ADDRESSES) count = NETWORK_ADDRESSES;
    for (uint32_t index = 0; index < count; index++) {
        const struct network_address *known = &network->addresses[index];
        if (known->grant == grant && network_is_same_host(&known->address, address)) return true;
    }
    return false;
}

bool network_may_connect(const struct host_network *network, const union host_address *address) {
    for (uint32_t index = 0; network != NULL && index < network->grant_count; index++) {
        const struct network_grant *grant = &network->grants[index];
        // The port is at the same place in both kinds of addresses.
        if (grant->listens || (!grant->any_port && grant->port != address->v4.sin_port)) continue;
        if (grant->any_host) return true;
        if (grant->name != NULL ? is_address_of(network, index, address)
                                : network_is_same_host(&grant->address, address)) {
            return true;
        }
    }
    return false;
}

bool network_may_listen(const struct host_network *network, const union host_address *address) {
    for (uint32_t index = 0; network != NULL && index < network->grant_count; index++) {
        const struct network_grant *grant = &network->grants[index];
        if (!grant->listens || grant->port != address->v4.sin_port) continue;
        bool is_any = is_unspecified(&grant->address) &&
                      grant->address.any.sa_family == address->any.sa_family;
        if (is_any || network_is_same_host(&grant->address, address)) return true;
    }
    return false;
}

bool network_may_look_up(const struct host_network *network, const char *name, size_t length) {
    for (uint32_t index = 0; network != NULL && index < network->grant_count; index++) {
        const struct network_grant *grant = &network->grants[index];
        if (grant->any_host) return true;
        if (grant->name != NULL && network_is_same_name(grant->name, grant->length, name, length)) {
            return true;
        }
    }
    return false;
}

void network_note(struct host_network *network, const char *name, size_t length,
                  const union host_address *address) {
    for (uint32_t index = 0; index < network->grant_count; index++) {
        const struct network_grant *grant = &network->grants[index];
        if (grant->name == NULL || !network_is_same_name(grant->name, grant->length, name, length)) continue;
        if (is_address_of(network, index, address)) continue;
        struct network_address *place =
            &network->addresses[network->address_count++ % NETWORK_ADDRESSES];
        place->address = *address;
        place->grant = index;
        if (network->address_count == 2 * NETWORK_ADDRESSES) {
            network->address_count = NETWORK_ADDRESSES;
        }
    }
}
