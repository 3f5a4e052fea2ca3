// Files inside the executable. Nothing here makes a system call.
#include "embedded.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "core/message.h"

// As many as Linux follows in one lookup.
enum { SYMLINK_LIMIT = 40 };

typedef struct smelt_embedded_node node_t;

static const struct smelt_embedded_image *image_of(const struct host_state *state) {
    return state->embedded->image;
}

static const char *bytes_at(const struct smelt_embedded_image *image, uint64_t offset) {
    return (const char *)image + offset;
}

static void grant(struct host_state *state) {
    const struct smelt_embedded_image *image = state->embedded->image;
    for (uint64_t index = 0; index < image->root_count; index++) {
        const node_t *node = &image->nodes[index];
        const struct host_directory directory = {
            .host = -1,
            .is_read_only = true,
            .node = node,
            .name = bytes_at(image, node->name),
            .name_length = node->name_length,
        };
        if (!host_add_directory(state, &directory)) smelt_fail("too many embedded directories");
    }
}

// Looking up --------------------------------------------------------------------------------

// Below zero, zero or above it, as the name comes before that of the node, is it, or behind it.
static int compare(const struct smelt_embedded_image *image, const char *name, size_t length,
                   const node_t *node) {
    size_t common = length < node->name_length ? length : node->name_length;
    int order = memcmp(name, bytes_at(image, node->name), common);
    if (order != 0) return order;
    return (length > node->name_length) - (length < node->name_length);
}

static const node_t *child_of(const struct smelt_embedded_image *image, const node_t *directory,
                              const char *name, size_t length) {
    uint64_t first = directory->contents, end = directory->contents + directory->size;
    while (first < end) {
        uint64_t middle = first + (end - first) / 2;
        int order = compare(image, name, length, &image->nodes[middle]);
        if (order == 0) return &image->nodes[middle];
        if (order < 0) end = middle;
        else first = middle + 1;
    }
    return NULL;
}

// A walk along a path that links may extend.
struct walk {
    const struct smelt_embedded_image *image;
    const node_t *root, *place;
    unsigned links;
    char rest[PATH_MAX];
};

// Puts what a link says in front of the rest.
static int expand(struct walk *walk, const node_t *link) {
    const char *target = bytes_at(walk->image, link->contents);
    size_t rest = strlen(walk->rest);
    if (link->size == 0) return ENOENT;
    if (target[0] == '/') return EPERM;
    if (++walk->links > SYMLINK_LIMIT) return ELOOP;
    if (link->size + rest >= sizeof walk->rest) return ENAMETOOLONG;
    memmove(walk->rest + link->size, walk->rest, rest + 1);
    memcpy(walk->rest, target, link->size);
    return 0;
}

static int step(struct walk *walk, const char *name, size_t length, bool follows) {
    bool is_last = walk->rest[0] == 0;
    if (walk->place->type != SMELT_EMBEDDED_DIRECTORY) return ENOTDIR;
    if (length == 1 && name[0] == '.') return 0;
    if (length == 2 && memcmp(name, "..", 2) == 0) {
        if (walk->place == walk->root) return EPERM;
        walk->place = &walk->image->nodes[walk->place->parent];
        return 0;
    }
    const node_t *child = child_of(walk->image, walk->place, name, length);
    if (child == NULL) return ENOENT;
    if (child->type == SMELT_EMBEDDED_LINK && (follows || !is_last)) return expand(walk, child);
    walk->place = child;
    return 0;
}

static int find(const struct host_state *state, const node_t *directory, const char *path,
                bool follows, const node_t **node) {
    struct walk walk;
    bool has_slash = false;
    walk.image = image_of(state);
    walk.root = walk.place = directory;
    walk.links = 0;
    strcpy(walk.rest, path);
    while (true) {
        char name[NAME_MAX + 1];
        size_t begin = strspn(walk.rest, "/");
        size_t length = strcspn(walk.rest + begin, "/");
        has_slash = begin > 0;
        if (length == 0) break;
        if (length > NAME_MAX) return ENAMETOOLONG;
        memcpy(name, walk.rest + begin, length);
        memmove(walk.rest, walk.rest + begin + length, strlen(walk.rest + begin + length) + 1);
        int error = step(&walk, name, length, follows);
        if (error != 0) return error;
    }
    if (has_slash && walk.place->type != SMELT_EMBEDDED_DIRECTORY) return ENOTDIR;
    *node = walk.place;
    return 0;
}

// Contents ------------------------------------------------------------------------------------

static uint32_t read_file(const struct host_state *state, const node_t *node,
                          uint64_t *position, const struct iovec *vectors, int count) {
    const char *contents = bytes_at(image_of(state), node->contents);
    uint32_t total = 0;
    for (int index = 0; index < count && *position < node->size; index++) {
        uint64_t rest = node->size - *position;
        // As with the kernel's calls, no more than fits in a number with a sign.
        uint64_t room = (uint64_t)INT32_MAX - total;
        uint64_t part = vectors[index].iov_len < rest ? vectors[index].iov_len : rest;
        if (part > room) part = room;
        memcpy(vectors[index].iov_base, contents + *position, part);
        *position += part;
        total += (uint32_t)part;
    }
    return total;
}

static uint64_t inode_of(const struct host_state *state, const node_t *node) {
    return (uint64_t)(node - image_of(state)->nodes) + 1;
}

static void status_of(const struct host_state *state, const node_t *node,
                      struct stat *status) {
    memset(status, 0, sizeof *status);
    status->st_ino = (ino_t)inode_of(state, node);
    status->st_mode = embedded_mode(node);
    status->st_nlink = 1;
    if (node->type != SMELT_EMBEDDED_DIRECTORY) status->st_size = (off_t)node->size;
}

static const node_t *child_at(const struct host_state *state, const node_t *directory,
                              uint64_t number, const char **name) {
    const struct smelt_embedded_image *image = image_of(state);
    const node_t *child = &image->nodes[directory->contents + number];
    *name = bytes_at(image, child->name);
    return child;
}

static const char *link_of(const struct host_state *state, const node_t *node) {
    if (node->type != SMELT_EMBEDDED_LINK) return NULL;
    return bytes_at(image_of(state), node->contents);
}

const struct smelt_embedded_operations smelt_embedded_operations = {
    .grant = grant,
    .find = find,
    .read = read_file,
    .status = status_of,
    .child = child_at,
    .inode = inode_of,
    .link = link_of,
};
