// Whom to ask about names: the system's files, read before the guest runs.
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/message.h"
#include "grants.h"
#include "names.h"

enum { FILE_LIMIT = 1 << 16 };

// The beginning of a file, in memory of its own; null if there is none.
static const char *read_file(const char *path, size_t *length) {
    *length = 0;
    int fd = openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return NULL;
    char *text = mmap(NULL, FILE_LIMIT, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (text == MAP_FAILED) smelt_fail("out of memory for ", path);
    ssize_t count;
    while (*length < FILE_LIMIT && (count = read(fd, text + *length, FILE_LIMIT - *length)) > 0) {
        *length += (size_t)count;
    }
    close(fd);
    return text;
}

static void add_server(struct host_network *network, const char *line, const char *end) {
    static const char word[] = "nameserver";
    const size_t length = sizeof word - 1;
    if ((size_t)(end - line) <= length || memcmp(line, word, length) != 0) return;
    line += length;
    while (line < end && (*line == ' ' || *line == '\t')) line++;
    size_t size = 0;
    while (line + size < end && line[size] != ' ' && line[size] != '\t') size++;
    union host_address *server = &network->servers[network->server_count];
    if (network->server_count == NETWORK_SERVERS || host_address_read_host(line, size, server) == 0) {
        return;
    }
    server->v4.sin_port = htons(NAMES_PORT);
    network->server_count++;
}

void smelt_grant_names(struct host_state *state) {
    struct host_network *network = state->network;
    bool has_names = false;
    for (uint32_t index = 0; network != NULL && index < network->grant_count; index++) {
        has_names = has_names || network->grants[index].any_host ||
                    network->grants[index].name != NULL;
    }
    if (!has_names) return;
    size_t length;
    network->hosts = read_file("/etc/hosts", &network->hosts_length);
    const char *text = read_file("/etc/resolv.conf", &length);
    const char *end = text == NULL ? NULL : text + length;
    for (const char *line = text; line != NULL && line < end;) {
        const char *next = memchr(line, '\n', (size_t)(end - line));
        if (next == NULL) next = end;
        add_server(network, line, next);
        line = next < end ? next + 1 : end;
    }
    if (network->server_count > 0) return;
    // What there is without that file.
    if (host_address_read_host("127.0.0.1", 9, &network->servers[0]) != 0) {
        network->servers[0].v4.sin_port = htons(NAMES_PORT);
        network->server_count = 1;
    }
}
