// The address space of linear memories: reserved without access once, at start, so that compiled
// code needs no bounds checks; growing (memory.c) then only changes protections.
//
// This runs before anything else allocates: the kernel puts the program break right behind the
// image's last segment, which is memory 0, and a program that moved it first would sit in the guard.
#include <errno.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <unistd.h>

#include "host_page.h"
#include "memory.h"
#include "message.h"

// Linux 4.17; older kernels and emulators take the address as a hint, so the result is compared.
#define SMELT_MAP_FIXED_NOREPLACE 0x100000

static const int reservation_flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;

static _Noreturn void reservation_failed(const struct smelt_memory *memory, bool is_taken) {
    struct smelt_message message;
    message.length = 0;
    smelt_message_text(&message, "error: cannot reserve ");
    smelt_message_decimal(&message, (memory->reserved_bytes + ((1u << 20) - 1)) >> 20);
    smelt_message_text(&message, " MiB of address space for the program's memory");
    if (is_taken) {
        smelt_message_text(&message, ": something else lies at ");
        smelt_message_hex(&message, (uint64_t)(uintptr_t)memory->base);
    } else {
        smelt_message_text(&message,
                           ": `ulimit -v` or the machine allows less (the space is only "
                           "reserved, not used)");
    }
    smelt_message_text(&message, "\n");
    smelt_message_flush(&message);
    _exit(1);
}

// Everything that compiled code and the arithmetic here rest on.
static void check_numbers(const struct smelt_memory *memory) {
    const uint64_t largest = SMELT_MEMORY_SIZE_MAXIMUM;
    bool is_guarded = (memory->flags & SMELT_MEMORY_GUARDED) != 0;
    if (memory->reserved_bytes <= largest && memory->byte_size <= memory->reserved_bytes &&
        (!is_guarded || memory->reserved_bytes == SMELT_GUARDED_RESERVATION)) {
        return;
    }
    smelt_fail("the program is damaged: its memory does not fit into what it reserves");
}

// Makes what the program begins with accessible, from `start` on.
static void commit(const struct smelt_memory *memory, uint8_t *base, uint64_t start) {
    uint64_t committed = smelt_host_page_round_up(memory->byte_size);
    // Nothing to commit is nothing to ask for: emulators refuse a length of zero.
    if (committed <= start) return;
    if (mprotect(base + start, committed - start, PROT_READ | PROT_WRITE) == 0) return;
    struct smelt_message message;
    message.length = 0;
    smelt_message_text(&message, "error: the machine does not give the program the ");
    smelt_message_decimal(&message, committed >> 20);
    smelt_message_text(&message, " MiB of memory that it begins with\n");
    smelt_message_flush(&message);
    _exit(1);
}

// The linker has rounded `mapped` up to the largest page of any kernel.
static void reserve_behind_image(const struct smelt_memory *memory, uint64_t mapped) {
    if (memory->reserved_bytes <= mapped) return;
    uint8_t *wanted = memory->base + mapped;
    size_t length = memory->reserved_bytes - mapped;
    const int flags = reservation_flags | SMELT_MAP_FIXED_NOREPLACE;
    void *got = mmap(wanted, length, PROT_NONE, flags, -1, 0);
    if (got != wanted) reservation_failed(memory, got != MAP_FAILED || errno == EEXIST);
    commit(memory, memory->base, mapped);
}

static void reserve_anywhere(struct smelt_memory *memory) {
    uint64_t length = smelt_host_page_round_up(memory->reserved_bytes);
    if (length == 0) length = smelt_host_page_size();  // a base that is not null, and faults
    void *base = mmap(NULL, length, PROT_NONE, reservation_flags, -1, 0);
    if (base == MAP_FAILED) reservation_failed(memory, false);
    commit(memory, base, 0);
    memory->base = base;
}

void smelt_memory_reserve(struct smelt_memory *memory, uint64_t mapped) {
    check_numbers(memory);
    if (memory->base != NULL) {
        reserve_behind_image(memory, mapped);
    } else {
        reserve_anywhere(memory);
    }
}
