// Names of the network: what the file of hosts says, and messages of the domain name system. Whom to ask is
// read from the system's files when the program starts; afterwards it cannot open any. What comes from a
// server is not trusted.
#ifndef SMELT_HOST_NAMES_H
#define SMELT_HOST_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "addresses.h"
#include "network.h"

enum { NAMES_QUERY_SIZE = 280, NAMES_ANSWER_SIZE = 4096, NAMES_PORT = 53 };
enum { NAMES_TYPE_V4 = 1, NAMES_TYPE_V6 = 28 };

// What an answer says.
enum names_answer {
    NAMES_NOT_OURS,   // not an answer to that question
    NAMES_FOUND,      // maybe no address of the type
    NAMES_NO_NAME,
    NAMES_FAILED,     // the server does not know now
};

struct names_list {
    uint32_t count;
    union host_address addresses[32];
};

// Whether a name can be asked about: letters, digits, hyphens and underlines in parts of up to 63.
bool names_is_valid(const char *name, size_t length);

// Adds an address that is not there yet, if there is room.
void names_add(struct names_list *list, const union host_address *address);

// Adds what the file of hosts says about a name; and what every machine knows of localhost.
void names_find_local(const struct host_network *network, const char *name, size_t length,
                      struct names_list *list);

// Writes a question, and returns its length. The name is valid.
size_t names_write_query(uint8_t query[NAMES_QUERY_SIZE], uint16_t id, const char *name,
                         size_t length, uint16_t type);

// Reads an answer to a question, adding the addresses in it.
enum names_answer names_read_answer(const uint8_t *answer, size_t length, const uint8_t *query,
                                    size_t query_length, struct names_list *list);

#endif
