// Grants of the network: reading them.
#include <string.h>

#include "core/message.h"
#include "grants.h"
#include "network.h"

static bool is_star(const char *text, size_t length) { return length == 1 && text[0] == '*'; }

static _Noreturn void malformed(bool listens, const char *text) {
    smelt_fail(listens ? "--listen takes ADDRESS:PORT or [ADDRESS]:PORT, not: "
                       : "--connect takes HOST:PORT or [ADDRESS]:PORT, not: ",
               text);
}

static void read_grant(struct network_grant *grant, const char *text) {
    const char *colon = strrchr(text, ':');
    if (colon == NULL) malformed(grant->listens, text);
    size_t length = (size_t)(colon - text), port_length = strlen(colon + 1);
    if (!grant->listens) grant->any_port = is_star(colon + 1, port_length);
    if (!grant->any_port && !host_port_read(colon + 1, port_length, &grant->port)) {
        malformed(grant->listens, text);
    }
    if (!grant->listens) grant->any_host = is_star(text, length);
    if (grant->any_host) return;
    bool is_v6 = length >= 2 && text[0] == '[' && text[length - 1] == ']';
    bool is_address = is_v6 ? host_address_read_host(text + 1, length - 2, &grant->address) != 0
                            : host_address_read_host(text, length, &grant->address) != 0;
    if (is_address && (grant->address.any.sa_family == AF_INET6) == is_v6) return;
    if (grant->listens || length == 0 || memchr(text, ':', length) != NULL || text[0] == '[') {
        malformed(grant->listens, text);
    }
    grant->name = text;
    grant->length = length;
}

void smelt_grant_network(struct host_state *state) {
    static struct host_network network;
    struct grant_cursor cursor;
    struct grant next;
    grants_begin(&cursor, state);
    while (grants_next(&cursor, &next)) {
        if (next.kind != GRANT_LISTEN && next.kind != GRANT_CONNECT) continue;
        if (network.grant_count == NETWORK_GRANTS) smelt_fail("too many grants of the network");
        struct network_grant *grant = &network.grants[network.grant_count++];
        grant->listens = next.kind == GRANT_LISTEN;
        read_grant(grant, next.text);
        state->network = &network;
    }
}
