// Names: the file of hosts, and messages of the domain name system (RFC 1035).
#include "names.h"

#include <string.h>

enum { HEADER = 12, CLASS_IN = 1, LABEL_LIMIT = 63, NAME_LIMIT = 253 };

static bool is_name_character(char character) {
    bool is_letter = (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
    return is_letter || (character >= '0' && character <= '9') || character == '-' ||
           character == '_';
}

bool names_is_valid(const char *name, size_t length) {
    if (length > 0 && name[length - 1] == '.') length--;
    if (length == 0 || length > NAME_LIMIT) return false;
    size_t label = 0;
    for (size_t index = 0; index < length; index++) {
        if (name[index] == '.') {
            if (label == 0) return false;
            label = 0;
        } else if (!is_name_character(name[index]) || ++label > LABEL_LIMIT) {
            return false;
        }
    }
    return label > 0;
}

void names_add(struct names_list *list, const union host_address *address) {
    for (uint32_t index = 0; index < list->count; index++) {
        if (network_is_same_host(&list->addresses[index], address)) return;
    }
    if (list->count < sizeof list->addresses / sizeof list->addresses[0]) {
        list->addresses[list->count++] = *address;
    }
}

// The file of hosts -------------------------------------------------------------------------------

static bool is_space(char character) { return character == ' ' || character == '\t'; }

// The next word of a line; its length, 0 at the end.
static size_t word_of(const char **position, const char *end) {
    while (*position < end && is_space(**position)) (*position)++;
    const char *begin = *position;
    size_t length = 0;
    while (begin + length < end && !is_space(begin[length])) length++;
    return length;
}

static void find_in_line(const char *line, const char *end, const char *name, size_t length,
                         struct names_list *list) {
    union host_address address;
    size_t size = word_of(&line, end);
    if (size == 0 || host_address_read_host(line, size, &address) == 0) return;
    line += size;
    while ((size = word_of(&line, end)) > 0) {
        if (network_is_same_name(line, size, name, length)) names_add(list, &address);
        line += size;
    }
}

void names_find_local(const struct host_network *network, const char *name, size_t length,
                      struct names_list *list) {
    const char *line = network->hosts;
    const char *end = line == NULL ? NULL : line + network->hosts_length;
    while (line != NULL && line < end) {
        const char *next = memchr(line, '\n', (size_t)(end - line));
        if (next == NULL) next = end;
        const char *comment = memchr(line, '#', (size_t)(next - line));
        find_in_line(line, comment == NULL ? next : comment, name, length, list);
        line = next < end ? next + 1 : end;
    }
    static const char local[] = "localhost";
    if (list->count > 0 || !network_is_same_name(name, length, local, sizeof local - 1)) return;
    union host_address address;
    if (host_address_read_host("127.0.0.1", 9, &address) != 0) names_add(list, &address);
    if (host_address_read_host("::1", 3, &address) != 0) names_add(list, &address);
}

// Messages ----------------------------------------------------------------------------------------

static void put(uint8_t *place, uint32_t value) {
    place[0] = (uint8_t)(value >> 8);
    place[1] = (uint8_t)value;
}

static uint16_t get(const uint8_t *place) { return (uint16_t)(place[0] << 8 | place[1]); }

size_t names_write_query(uint8_t query[NAMES_QUERY_SIZE], uint16_t id, const char *name,
                         size_t length, uint16_t type) {
    const uint16_t recursion_desired = 0x100;
    if (name[length - 1] == '.') length--;
    memset(query, 0, HEADER);
    put(query, id);
    put(query + 2, recursion_desired);
    put(query + 4, 1);
    size_t position = HEADER;
    for (size_t begin = 0; begin <= length;) {
        const char *dot = memchr(name + begin, '.', length - begin);
        size_t end = dot == NULL ? length : (size_t)(dot - name);
        query[position++] = (uint8_t)(end - begin);
        memcpy(query + position, name + begin, end - begin);
        position += end - begin;
        begin = end + 1;
    }
    query[position++] = 0;
    put(query + position, type);
    put(query + position + 2, CLASS_IN);
    return position + 4;
}

// Goes behind a name; false if it does not end within the message.
static bool skip_name(const uint8_t *message, size_t length, size_t *position) {
    const uint8_t pointer = 0xc0;
    while (*position < length) {
        uint8_t size = message[*position];
        if ((size & pointer) == pointer) {
            *position += 2;
            return *position <= length;
        }
        if ((size & pointer) != 0) return false;
        *position += 1u + size;
        if (size == 0) return *position <= length;
    }
    return false;
}

// One record of an answer; false if it is not within the message.
static bool read_record(const uint8_t *message, size_t length, size_t *position, uint16_t type,
                        struct names_list *list) {
    enum { FIXED = 10 };
    if (!skip_name(message, length, position) || length - *position < FIXED) return false;
    const uint8_t *record = message + *position;
    size_t size = get(record + 8);
    *position += FIXED;
    if (length - *position < size) return false;
    const uint8_t *data = message + *position;
    *position += size;
    // Others, such as those of the names that it goes through, are passed over.
    if (get(record) != type || get(record + 2) != CLASS_IN) return true;
    union host_address address;
    memset(&address, 0, sizeof address);
    if (type == NAMES_TYPE_V4 && size == sizeof address.v4.sin_addr) {
        address.v4.sin_family = AF_INET;
        memcpy(&address.v4.sin_addr, data, size);
        names_add(list, &address);
    } else if (type == NAMES_TYPE_V6 && size == sizeof address.v6.sin6_addr) {
        address.v6.sin6_family = AF_INET6;
        memcpy(&address.v6.sin6_addr, data, size);
        names_add(list, &address);
    }
    return true;
}

enum names_answer names_read_answer(const uint8_t *answer, size_t length, const uint8_t *query,
                                    size_t query_length, struct names_list *list) {
    const uint8_t is_response = 0x80, code_mask = 0x0f;
    if (length < query_length || (answer[2] & is_response) == 0) return NAMES_NOT_OURS;
    // The question comes back as it was, with its number.
    if (memcmp(answer, query, 2) != 0 || get(answer + 4) != 1 ||
        memcmp(answer + HEADER, query + HEADER, query_length - HEADER) != 0) {
        return NAMES_NOT_OURS;
    }
    enum { NO_NAME = 3 };
    uint8_t code = answer[3] & code_mask;
    if (code == NO_NAME) return NAMES_NO_NAME;
    if (code != 0) return NAMES_FAILED;
    uint16_t type = get(query + query_length - 4);
    size_t position = query_length;
    for (uint32_t count = get(answer + 6); count > 0; count--) {
        if (!read_record(answer, length, &position, type, list)) break;
    }
    return NAMES_FOUND;
}
