// What entries of directories are.
#include "directory_entries.h"

#include <dirent.h>
#include <fcntl.h>

#include "core/system_calls.h"

mode_t host_entry_mode(int directory, const struct host_entry *entry) {
    SMELT_CALLS_IF(newfstatat, SMELT_CALL_WITH_PATHS);
    struct stat status;
    // Types are the bits of modes, moved.
    if (entry->type != DT_UNKNOWN) return DTTOIF((mode_t)entry->type);
    // Some file systems do not keep the type in the directory.
    if (fstatat(directory, entry->name, &status, AT_SYMLINK_NOFOLLOW) != 0) return 0;
    return status.st_mode & S_IFMT;
}
