// THE SANDBOX: directories that stay open. Read kept.h and path.h first; they say what must hold.
#include "kept.h"

#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/system_calls.h"

// linux/stat.h, of which musl has only a part.
struct kernel_statx {
    uint32_t mask, unused_1[7];
    uint64_t inode, unused_2[11];
    uint32_t special_device_major, special_device_minor, device_major, device_minor;
    uint64_t mount, unused_3[13];
};
_Static_assert(sizeof(struct kernel_statx) == 256, "as large as the kernel's");
enum { MASK_INODE = 0x100, MASK_MOUNT = 0x1000, NO_AUTOMOUNT = 0x800, EMPTY_PATH = 0x1000 };

// Asks what `name` in `root` is, or `root` itself for the empty name. Links are not followed.
static bool identify(int root, const char *name, struct directory_identity *identity) {
    SMELT_CALLS_IF(statx, SMELT_CALL_WITH_PATHS);
    struct kernel_statx status;
    const int flags = AT_SYMLINK_NOFOLLOW | NO_AUTOMOUNT | (name[0] == 0 ? EMPTY_PATH : 0);
    if (syscall(SYS_statx, root, name, flags, MASK_INODE | MASK_MOUNT, &status) != 0) return false;
    identity->inode = status.inode;
    // Linux 5.8 was the first to number mounts.
    identity->mount = (status.mask & MASK_MOUNT) != 0 ? status.mount : 0;
    identity->device = (uint64_t)status.device_major << 32 | status.device_minor;
    return (status.mask & MASK_INODE) != 0;
}

static void close_entry(struct kept_directory *entry) {
    SMELT_CALLS(close);
    if (entry->is_open) close(entry->host);
    entry->is_open = false;
}

// Opens the directory in order to keep it. Links are not, and neither is what is mounted, or nobody
// could unmount it while the program runs.
static bool open_entry(struct kept_directory *entry) {
    SMELT_CALLS_IF(openat, SMELT_CALL_WITH_PATHS);
    struct directory_identity root_identity;
    if (!identify(entry->root, "", &root_identity)) return false;
    entry->host = openat(entry->root, entry->name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    entry->is_open = entry->host >= 0;
    if (entry->is_open && identify(entry->host, "", &entry->identity) &&
        entry->identity.mount == root_identity.mount &&
        entry->identity.device == root_identity.device) {
        return true;
    }
    close_entry(entry);
    return false;
}

static bool is_still(const struct kept_directory *entry) {
    struct directory_identity now;
    return identify(entry->root, entry->name, &now) && now.inode == entry->identity.inode &&
           now.device == entry->identity.device && now.mount == entry->identity.mount;
}

// The entry of a name, or a new one in place of that which was not used for longest.
static struct kept_directory *find(struct kept_directories *kept, int root, const char *name,
                                   size_t length, bool *is_new) {
    struct kept_directory *oldest = kept->entries;
    *is_new = false;
    for (size_t index = 0; index < KEPT_DIRECTORIES; index++) {
        struct kept_directory *entry = &kept->entries[index];
        bool is_same = entry->root == root && memcmp(entry->name, name, length) == 0;
        if (is_same && entry->name[length] == 0) return entry;
        if (entry->last_use < oldest->last_use) oldest = entry;
    }
    close_entry(oldest);
    oldest->pause = 0;
    oldest->root = root;
    memcpy(oldest->name, name, length);
    oldest->name[length] = 0;
    *is_new = true;
    return oldest;
}

int kept_directory(struct kept_directories *kept, int root, const char *name, size_t length) {
    enum { PAUSE = 64 };
    if (length >= KEPT_NAME_SIZE) return -1;
    bool is_new;
    struct kept_directory *entry = find(kept, root, name, length, &is_new);
    entry->last_use = ++kept->uses;
    if (entry->is_open) {
        if (is_still(entry)) return entry->host;
        // The operation before may be half of this one: it has to stay open, without the name.
        entry->name[0] = 0;
        entry = find(kept, root, name, length, &is_new);
        entry->last_use = ++kept->uses;
    }
    // A directory that is used once is not worth keeping.
    if (is_new) return -1;
    if (entry->pause > 0) {
        entry->pause--;
    } else if (open_entry(entry)) {
        return entry->host;
    } else {
        entry->pause = PAUSE;
    }
    return -1;
}

bool kept_directories_close(struct kept_directories *kept) {
    bool was_open = false;
    for (size_t index = 0; index < KEPT_DIRECTORIES; index++) {
        was_open = was_open || kept->entries[index].is_open;
        close_entry(&kept->entries[index]);
    }
    return was_open;
}
