// Addresses of the network, as texts and as the kernel has them.
#ifndef SMELT_HOST_ADDRESSES_H
#define SMELT_HOST_ADDRESSES_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

union host_address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

// Reads ADDRESS, without brackets, and returns its size, zero if it is none. The port stays 0.
socklen_t host_address_read_host(const char *text, size_t length, union host_address *address);

// Reads a port number; false for anything else.
bool host_port_read(const char *text, size_t length, in_port_t *port);

// Reads ADDRESS:PORT or [ADDRESS]:PORT, and returns the address's size, zero if it is neither.
socklen_t host_address_read(const char *text, size_t length, union host_address *address);

#endif
