// Files inside the executable. Nothing here makes a system call.
#include "embedded.h"

#include <string.h>

#include "core/message.h"
#include "rights.h"
#include "wasi.h"

// As many as Linux follows in one lookup.
enum { SYMLINK_LIMIT = 40 };

typedef struct smelt_embedded_node node_t;

static const struct smelt_embedded_image *image_of(const struct smelt_context *context) {
    return wasi_state_of(context)->embedded->image;
}

static const char *bytes_at(const struct smelt_embedded_image *image, uint64_t offset) {
    return (const char *)image + offset;
}

static uint8_t filetype_of(const node_t *node) {
    switch (node->type) {
    case SMELT_EMBEDDED_DIRECTORY: return WASI_FILETYPE_DIRECTORY;
    case SMELT_EMBEDDED_LINK: return WASI_FILETYPE_SYMBOLIC_LINK;
    default: return WASI_FILETYPE_REGULAR_FILE;
    }
}

static void describe(const node_t *node, uint64_t rights_base, uint64_t rights_inheriting,
                     struct wasi_fd *entry) {
    memset(entry, 0, sizeof *entry);
    entry->is_open = true;
    entry->is_described = true;
    entry->is_read_only = true;
    entry->file_type = filetype_of(node);
    entry->host = -1;
    entry->node = node;
    entry->rights_base = rights_base & wasi_rights_of_type(entry->file_type);
    if (entry->file_type == WASI_FILETYPE_DIRECTORY) {
        entry->rights_inheriting = rights_inheriting & WASI_RIGHTS_INHERITING;
    }
}

static void grant(struct wasi_state *state) {
    const struct smelt_embedded_image *image = state->embedded->image;
    for (uint64_t index = 0; index < image->root_count; index++) {
        struct wasi_fd entry;
        uint32_t fd;
        describe(&image->nodes[index], WASI_RIGHTS_DIRECTORY, WASI_RIGHTS_INHERITING, &entry);
        entry.preopen_name = bytes_at(image, image->nodes[index].name);
        entry.preopen_name_length = image->nodes[index].name_length;
        if (fd_table_insert(&state->fds, &entry, &fd) != WASI_SUCCESS) {
            smelt_fail("too many embedded directories");
        }
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
static uint32_t expand(struct walk *walk, const node_t *link) {
    const char *target = bytes_at(walk->image, link->contents);
    size_t rest = strlen(walk->rest);
    if (link->size == 0) return WASI_NOENT;
    if (target[0] == '/') return WASI_PERM;
    if (++walk->links > SYMLINK_LIMIT) return WASI_LOOP;
    if (link->size + rest >= sizeof walk->rest) return WASI_NAMETOOLONG;
    memmove(walk->rest + link->size, walk->rest, rest + 1);
    memcpy(walk->rest, target, link->size);
    return WASI_SUCCESS;
}

static uint32_t step(struct walk *walk, const char *name, size_t length, bool follows) {
    bool is_last = walk->rest[0] == 0;
    if (walk->place->type != SMELT_EMBEDDED_DIRECTORY) return WASI_NOTDIR;
    if (length == 1 && name[0] == '.') return WASI_SUCCESS;
    if (length == 2 && memcmp(name, "..", 2) == 0) {
        if (walk->place == walk->root) return WASI_PERM;
        walk->place = &walk->image->nodes[walk->place->parent];
        return WASI_SUCCESS;
    }
    const node_t *child = child_of(walk->image, walk->place, name, length);
    if (child == NULL) return WASI_NOENT;
    if (child->type == SMELT_EMBEDDED_LINK && (follows || !is_last)) return expand(walk, child);
    walk->place = child;
    return WASI_SUCCESS;
}

static uint32_t find(const struct smelt_context *context, const struct guest_path *path,
                     bool follows, const node_t **node) {
    struct walk walk;
    bool has_slash = false;
    walk.image = image_of(context);
    walk.root = walk.place = path->directory->node;
    walk.links = 0;
    strcpy(walk.rest, path->host.text);
    while (true) {
        char name[NAME_MAX + 1];
        size_t begin = strspn(walk.rest, "/");
        size_t length = strcspn(walk.rest + begin, "/");
        has_slash = begin > 0;
        if (length == 0) break;
        if (length > NAME_MAX) return WASI_NAMETOOLONG;
        memcpy(name, walk.rest + begin, length);
        memmove(walk.rest, walk.rest + begin + length, strlen(walk.rest + begin + length) + 1);
        uint32_t error = step(&walk, name, length, follows);
        if (error != WASI_SUCCESS) return error;
    }
    if (has_slash && walk.place->type != SMELT_EMBEDDED_DIRECTORY) return WASI_NOTDIR;
    *node = walk.place;
    return WASI_SUCCESS;
}

// Contents ------------------------------------------------------------------------------------

static uint32_t read_file(const struct smelt_context *context, const node_t *node,
                          uint64_t *position, const struct iovec *vectors, int count) {
    const char *contents = bytes_at(image_of(context), node->contents);
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

static int64_t seek(struct wasi_fd *entry, int64_t offset, uint32_t whence) {
    const uint64_t bases[] = {[WASI_WHENCE_SET] = 0,
                              [WASI_WHENCE_CUR] = entry->position,
                              [WASI_WHENCE_END] = entry->node->size};
    int64_t result;
    if (__builtin_add_overflow((int64_t)bases[whence], offset, &result) || result < 0) return -1;
    entry->position = (uint64_t)result;
    return result;
}

static void status_of(const struct smelt_context *context, const node_t *node,
                      struct stat *status) {
    static const mode_t modes[] = {[SMELT_EMBEDDED_DIRECTORY] = S_IFDIR,
                                   [SMELT_EMBEDDED_FILE] = S_IFREG,
                                   [SMELT_EMBEDDED_LINK] = S_IFLNK};
    memset(status, 0, sizeof *status);
    status->st_ino = (ino_t)(node - image_of(context)->nodes) + 1;
    status->st_mode = modes[node->type];
    status->st_nlink = 1;
    if (node->type != SMELT_EMBEDDED_DIRECTORY) status->st_size = (off_t)node->size;
}

static void list(const struct smelt_context *context, const node_t *node, uint64_t cookie,
                 struct wasi_listing *listing) {
    const struct smelt_embedded_image *image = image_of(context);
    const uint64_t own = (uint64_t)(node - image->nodes);
    enum { DOTS = 2 };
    for (; cookie < node->size + DOTS && listing->position < listing->end; cookie++) {
        if (cookie < DOTS) {
            uint64_t inode = (cookie == 0 ? own : node->parent) + 1;
            wasi_listing_add(listing, cookie + 1, inode, WASI_FILETYPE_DIRECTORY, "..",
                             cookie + 1);
            continue;
        }
        uint64_t index = node->contents + cookie - DOTS;
        const node_t *child = &image->nodes[index];
        wasi_listing_add(listing, cookie + 1, index + 1, filetype_of(child),
                         bytes_at(image, child->name), child->name_length);
    }
}

static const char *link_of(const struct smelt_context *context, const node_t *node) {
    if (node->type != SMELT_EMBEDDED_LINK) return NULL;
    return bytes_at(image_of(context), node->contents);
}

const struct smelt_embedded_operations smelt_embedded_operations = {
    .grant = grant,
    .find = find,
    .describe = describe,
    .read = read_file,
    .seek = seek,
    .status = status_of,
    .list = list,
    .link = link_of,
};
