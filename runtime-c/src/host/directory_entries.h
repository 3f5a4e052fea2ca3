// Entries of directories, as getdents64(2) gives them.
#ifndef SMELT_HOST_DIRECTORY_ENTRIES_H
#define SMELT_HOST_DIRECTORY_ENTRIES_H

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

struct host_entry {
    uint64_t inode;
    int64_t next;  // the position behind it
    uint16_t record_length;
    uint8_t type;
    char name[];
};

// The longest entry; the kernel gives nothing to who has no room for it.
enum { HOST_LONGEST_ENTRY = 280 };

// What an entry is, as the type bits of a mode say it; 0 for what cannot be known.
mode_t host_entry_mode(int directory, const struct host_entry *entry);

#endif
