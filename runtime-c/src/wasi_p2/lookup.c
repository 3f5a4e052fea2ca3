// wasi:sockets/ip-name-lookup: names that were granted, and no others (host/network.h).
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "arena.h"
#include "core/system_calls.h"
#include "host/clocks.h"
#include "host/grants.h"
#include "host/host_calls.h"
#include "host/random.h"
#include "lookup.h"
#include "poll.h"
#include "smelt/component_functions.h"
#include "sockets.h"

enum { QUESTIONS = 2, ROUNDS = 2, NAME_SIZE = 256 };
#define PATIENCE (3 * HOST_SECOND)

struct question {
    bool is_answered;
    size_t length;
    uint8_t query[NAMES_QUERY_SIZE];
    struct names_list found;
};

struct lookup {
    int fd;              // of the server that is asked, -1 when there is nothing more to come
    uint32_t attempt;    // counts servers, ROUNDS times all of them
    uint64_t deadline;   // of this attempt
    uint32_t next;       // the next address to be told
    int failure;         // error-code if there is none
    size_t name_length;
    char name[NAME_SIZE];
    struct names_list list;
    struct question questions[QUESTIONS];
};

static void end(struct p2_state *state, struct p2_resource *resource) {
    SMELT_CALLS(close);
    SMELT_CALLS(munmap);
    (void)state;
    struct lookup *lookup = resource->u.object.memory;
    if (lookup->fd >= 0) close(lookup->fd);
    munmap(lookup, sizeof *lookup);
}

static const struct p2_class lookup_class = {
    .name = "resolve-address-stream", .end = end, .prepare = p2_lookup_prepare};

// Ends the asking: addresses of the fourth version come first.
static void settle(struct host_network *network, struct lookup *lookup) {
    SMELT_CALLS(close);
    if (lookup->fd >= 0) close(lookup->fd);
    lookup->fd = -1;
    bool is_answered = true;
    for (size_t index = 0; index < QUESTIONS; index++) {
        is_answered = is_answered && lookup->questions[index].is_answered;
        const struct names_list *found = &lookup->questions[index].found;
        for (uint32_t number = 0; number < found->count; number++) {
            names_add(&lookup->list, &found->addresses[number]);
        }
    }
    // There is such a name, and it has no address.
    if (is_answered) lookup->failure = P2_NAME_UNRESOLVABLE;
    for (uint32_t number = 0; number < lookup->list.count; number++) {
        network_note(network, lookup->name, lookup->name_length, &lookup->list.addresses[number]);
    }
}

// Asks the next server; whether there is one.
static bool ask(const struct host_network *network, struct lookup *lookup) {
    SMELT_CALLS_IF(socket, SMELT_CALL_WITH_NETWORK);
    SMELT_CALLS_IF(connect, SMELT_CALL_WITH_NETWORK);
    SMELT_CALLS_IF(sendto, SMELT_CALL_WITH_NETWORK);
    SMELT_CALLS(close);
    for (; lookup->attempt < network->server_count * ROUNDS; lookup->attempt++) {
        const union host_address *server =
            &network->servers[lookup->attempt % network->server_count];
        if (lookup->fd >= 0) close(lookup->fd);
        lookup->fd = socket(server->any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (lookup->fd >= 0) lookup->fd = host_lift(lookup->fd);
        if (lookup->fd < 0 || connect(lookup->fd, &server->any, p2_address_size(server)) != 0) {
            continue;
        }
        for (size_t index = 0; index < QUESTIONS; index++) {
            const struct question *question = &lookup->questions[index];
            if (question->is_answered) continue;
            // One that is lost is asked again in time.
            ssize_t result = send(lookup->fd, question->query, question->length, MSG_NOSIGNAL);
            (void)result;
        }
        lookup->deadline = p2_now() + PATIENCE;
        lookup->attempt++;
        return true;
    }
    return false;
}

static void take_answer(struct lookup *lookup, const uint8_t *answer, size_t length) {
    for (size_t index = 0; index < QUESTIONS; index++) {
        struct question *question = &lookup->questions[index];
        if (question->is_answered) continue;
        switch (names_read_answer(answer, length, question->query, question->length,
                                  &question->found)) {
        case NAMES_NOT_OURS: break;
        case NAMES_FOUND: question->is_answered = true; return;
        case NAMES_NO_NAME:
            question->is_answered = true;
            lookup->failure = P2_NAME_UNRESOLVABLE;
            return;
        case NAMES_FAILED:
            lookup->failure = P2_TEMPORARY_RESOLVER_FAILURE;
            lookup->deadline = 0;
            return;
        }
    }
}

// Goes on as far as is possible without waiting.
static void advance(struct host_network *network, struct lookup *lookup) {
    SMELT_CALLS_IF(recvfrom, SMELT_CALL_WITH_NETWORK);
    uint8_t answer[NAMES_ANSWER_SIZE];
    // Whoever sends what is no answer must not keep the guest waiting.
    enum { LOOKED_AT_ONCE = 64 };
    for (uint32_t looked = 0; lookup->fd >= 0 && looked < LOOKED_AT_ONCE; looked++) {
        ssize_t length = recv(lookup->fd, answer, sizeof answer, MSG_DONTWAIT);
        if (length >= 0) take_answer(lookup, answer, (size_t)length);
        bool is_done = true;
        for (size_t index = 0; index < QUESTIONS; index++) {
            is_done = is_done && lookup->questions[index].is_answered;
        }
        if (is_done) {
            settle(network, lookup);
            return;
        }
        bool is_quiet = length < 0 && errno != EINTR;
        // Nobody is there, or nobody has answered in time.
        bool is_late = (is_quiet && errno != EAGAIN) || p2_now() >= lookup->deadline;
        if (!is_late && is_quiet) return;
        if (!is_late) continue;
        if (!ask(network, lookup)) {
            settle(network, lookup);
            return;
        }
    }
}

void p2_lookup_prepare(struct p2_state *state, struct p2_resource *resource,
                       struct p2_wait *wait) {
    struct lookup *lookup = resource->u.object.memory;
    if (lookup->fd >= 0) advance(state->host->network, lookup);
    wait->is_ready = lookup->fd < 0;
    wait->is_hint = true;
    wait->fd = lookup->fd;
    wait->events = POLLIN;
    wait->deadline = lookup->fd < 0 ? UINT64_MAX : lookup->deadline;
}

bool p2_lookup_advance(struct p2_state *state, uint32_t representation,
                       const struct names_list **list) {
    struct lookup *lookup = p2_at(state, representation)->u.object.memory;
    if (lookup->fd >= 0) advance(state->host->network, lookup);
    *list = &lookup->list;
    return lookup->fd < 0;
}

// An address in the place of a name: known without asking.
static bool is_address(const char *name, size_t length, union host_address *address) {
    if (length > 2 && name[0] == '[' && name[length - 1] == ']') {
        name++;
        length -= 2;
    }
    return host_address_read_host(name, length, address) != 0;
}

static void begin(struct host_network *network, struct lookup *lookup) {
    names_find_local(network, lookup->name, lookup->name_length, &lookup->list);
    if (lookup->list.count > 0) {
        settle(network, lookup);
        return;
    }
    for (size_t index = 0; index < QUESTIONS; index++) {
        struct question *question = &lookup->questions[index];
        uint16_t id;
        if (host_random(&id, sizeof id) != 0) p2_fail("the system has no", "random numbers");
        question->length =
            names_write_query(question->query, id, lookup->name, lookup->name_length,
                              index == 0 ? NAMES_TYPE_V4 : NAMES_TYPE_V6);
    }
    if (!ask(network, lookup)) settle(network, lookup);
}

uint32_t p2_new_lookup(struct p2_state *state, const char *name, size_t length,
                       const union host_address *address) {
    SMELT_CALLS_IF(mmap, SMELT_CALL_NOT_CODE);
    struct lookup *lookup = mmap(NULL, sizeof *lookup, PROT_READ | PROT_WRITE,
                                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (lookup == MAP_FAILED) return 0;
    struct p2_resource *resource;
    uint32_t result = p2_new(state, &lookup_class, 0, &resource);
    resource->u.object.memory = lookup;
    lookup->fd = -1;
    lookup->failure = P2_TEMPORARY_RESOLVER_FAILURE;
    if (address != NULL) {
        names_add(&lookup->list, address);
        return result;
    }
    memcpy(lookup->name, name, length);
    lookup->name_length = length;
    begin(state->host->network, lookup);
    return result;
}

uint32_t smelt_p2_sockets_ip_name_lookup_resolve_addresses(struct smelt_context *context,
                                                           uint32_t network, uint32_t offset,
                                                           uint32_t length) {
    // Looking up needs to know whom to ask: this brings it (see grants.h).
#if !defined(SMELT_LIBRARY)
    __attribute__((used)) static void (*const needs[])(struct host_state *) = {smelt_grant_network,
                                                                               smelt_grant_names};
#endif
    struct p2_state *state = p2_state_of(context);
    const char *name = (const char *)arena_at(context, offset, length);
    union host_address address;
    p2_get(context, network, &p2_network_class);
    uint32_t area_offset, stream = 0;
    uint8_t *area = arena_result(context, 8, 4, &area_offset);
    int error = P2_NETWORK_DONE;
    if (is_address(name, length, &address)) {
        stream = p2_new_lookup(state, name, length, &address);
    } else if (!names_is_valid(name, length)) {
        error = P2_INVALID_ARGUMENT;
    } else if (!network_may_look_up(state->host->network, name, length)) {
        error = P2_ACCESS_DENIED;
    } else {
        stream = p2_new_lookup(state, name, length, NULL);
    }
    if (error == P2_NETWORK_DONE && stream == 0) error = P2_OUT_OF_MEMORY;
    area[0] = error != P2_NETWORK_DONE;
    if (error != P2_NETWORK_DONE) area[4] = (uint8_t)error;
    else guest_store_u32(area + 4, stream);
    return area_offset;
}

uint32_t smelt_p2_sockets_ip_name_lookup_resolve_address_stream_resolve_next_address(
    struct smelt_context *context, uint32_t self) {
    enum { SIZE = 22, PAYLOAD = 2, ADDRESS = 4 };
    struct lookup *lookup = p2_get(context, self, &lookup_class)->u.object.memory;
    if (lookup->fd >= 0) advance(p2_state_of(context)->host->network, lookup);
    uint32_t offset;
    uint8_t *area = arena_result(context, SIZE, 2, &offset);
    if (lookup->fd >= 0 || lookup->list.count == 0) {
        area[0] = 1;
        area[PAYLOAD] = (uint8_t)(lookup->fd >= 0 ? P2_WOULD_BLOCK : lookup->failure);
    } else if (lookup->next < lookup->list.count) {
        area[PAYLOAD] = 1;
        p2_host_store(area + ADDRESS, &lookup->list.addresses[lookup->next++]);
    }
    return offset;
}

uint32_t smelt_p2_sockets_ip_name_lookup_resolve_address_stream_subscribe(
    struct smelt_context *context, uint32_t self) {
    p2_get(context, self, &lookup_class);
    return p2_subscribe(context, self, 0);
}

void smelt_p2_sockets_ip_name_lookup_drop_resolve_address_stream(struct smelt_context *context,
                                                                 uint32_t representation) {
    p2_drop(context, representation, &lookup_class);
}
