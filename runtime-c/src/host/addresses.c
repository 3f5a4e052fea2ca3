// Texts of addresses.
#include "addresses.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>

bool host_port_read(const char *text, size_t length, in_port_t *port) {
    uint32_t value = 0;
    if (length == 0) return false;
    for (size_t index = 0; index < length; index++) {
        if (text[index] < '0' || text[index] > '9') return false;
        value = value * 10 + (uint32_t)(text[index] - '0');
        if (value > UINT16_MAX) return false;
    }
    *port = htons((uint16_t)value);
    return true;
}

socklen_t host_address_read_host(const char *text, size_t length, union host_address *address) {
    char host[INET6_ADDRSTRLEN];
    memset(address, 0, sizeof *address);
    if (length >= sizeof host) return 0;
    memcpy(host, text, length);
    host[length] = 0;
    if (memchr(host, ':', length) != NULL) {
        address->v6.sin6_family = AF_INET6;
        return inet_pton(AF_INET6, host, &address->v6.sin6_addr) == 1 ? sizeof address->v6 : 0;
    }
    address->v4.sin_family = AF_INET;
    return inet_pton(AF_INET, host, &address->v4.sin_addr) == 1 ? sizeof address->v4 : 0;
}

socklen_t host_address_read(const char *text, size_t length, union host_address *address) {
    size_t colon = length;
    while (colon > 0 && text[colon - 1] != ':') colon--;
    if (colon == 0) return 0;
    const char *port = text + colon;
    size_t host_length = colon - 1;
    bool is_v6 = host_length >= 2 && text[0] == '[' && text[host_length - 1] == ']';
    if (is_v6) {
        text++;
        host_length -= 2;
    }
    size_t port_length = length - colon;
    socklen_t size = host_address_read_host(text, host_length, address);
    if (size == 0 || (address->any.sa_family == AF_INET6) != is_v6) return 0;
    // The port is at the same place in both.
    return host_port_read(port, port_length, &address->v4.sin_port) ? size : 0;
}
