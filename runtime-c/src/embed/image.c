// Images of memories: what the data segments of a module come to is written into a file without a name
// when the first instance is made, and mapped by those that come later. A page of it takes memory of its
// own only when a guest writes to it, and to forget what was written is one system call.
#include "image.h"

#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/host_page.h"
#include "instance.h"
#include "host/host_calls.h"

enum smelt_image_state { NONE, IN_WORK, READY, IMPOSSIBLE };
// From <linux/memfd.h> and <linux/fcntl.h>, which musl does not have: nobody can change the file.
enum { CLOSE_ON_EXEC = 1, ALLOW_SEALING = 2, ADD_SEALS = 1033, ALL_SEALS = 1 | 2 | 4 | 8 };

// Looking for what is not zero in more than this would take longer than images save.
static const uint64_t largest = 64 << 20;
enum { CHUNK = 64 << 10 };

static bool is_zero(const uint8_t *bytes, uint64_t count) {
    for (; count >= 8; bytes += 8, count -= 8) {
        uint64_t word;
        memcpy(&word, bytes, sizeof word);
        if (word != 0) return false;
    }
    while (count > 0 && *bytes == 0) {
        bytes++;
        count--;
    }
    return count == 0;
}

static bool write_memory(int file, const struct smelt_memory *memory) {
    if (syscall(SYS_ftruncate, file, smelt_host_page_round_up(memory->byte_size)) != 0) return false;
    for (uint64_t offset = 0; offset < memory->byte_size; offset += CHUNK) {
        uint64_t left = memory->byte_size - offset, count = left < CHUNK ? left : CHUNK;
        if (is_zero(memory->base + offset, count)) continue;
        if (syscall(SYS_pwrite64, file, memory->base + offset, count, offset) != (long)count) {
            return false;
        }
    }
    return true;
}

static bool make(struct smelt_library_image *image, const struct smelt_memory *memory) {
    if (memory->byte_size == 0 || memory->byte_size > largest) return false;
    int file = (int)syscall(SYS_memfd_create, "smelt", CLOSE_ON_EXEC | ALLOW_SEALING);
    if (file < 0) return false;
    struct stat status;
    if (!write_memory(file, memory) || host_fcntl(file, ADD_SEALS, ALL_SEALS) != 0 ||
        host_fstat(file, &status) != 0) {
        syscall(SYS_close, file);
        return false;
    }
    image->file = file;
    image->size = memory->byte_size;
    image->device = status.st_dev;
    image->inode = status.st_ino;
    return true;
}

void embed_image_make(const struct smelt_instance *instance, struct smelt_library_image *image) {
    uint32_t state = NONE;
    if (image == NULL || instance->has_image != 0) return;
    if (!__atomic_compare_exchange_n(&image->state, &state, IN_WORK, false, __ATOMIC_ACQUIRE,
                                     __ATOMIC_RELAXED)) {
        return;
    }
    bool is_made = make(image, smelt_instance_memory(instance, 0));
    __atomic_store_n(&image->state, is_made ? READY : IMPOSSIBLE, __ATOMIC_RELEASE);
}

// Hosts may close files that they do not know, and open others of the same number.
static bool is_there(const struct smelt_library_image *image) {
    struct stat status;
    return host_fstat(image->file, &status) == 0 && status.st_dev == image->device &&
           status.st_ino == image->inode;
}

bool embed_image_map(struct smelt_instance *instance, const struct smelt_library_image *image) {
    if (image == NULL || __atomic_load_n(&image->state, __ATOMIC_ACQUIRE) != READY) return true;
    const struct smelt_memory *memory = smelt_instance_memory(instance, 0);
    if (memory->byte_size != image->size || !is_there(image)) return true;
    uint64_t length = smelt_host_page_round_up(image->size);
    if (mmap(memory->base, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE,
             image->file, 0) != memory->base) {
        return false;
    }
    instance->has_image = 1;
    return true;
}
