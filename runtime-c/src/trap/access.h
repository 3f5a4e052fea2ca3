// What an instruction that faulted was about to do to memory: the kernel tells just one address
// within it. Of instructions that are not known here nothing is reported.
//
// Both decoders are compiled for every target, so that tests can try both.
#ifndef SMELT_ACCESS_H
#define SMELT_ACCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct memory_access {
    uint64_t address;  // the first byte, if `has_address`
    bool has_address;
    bool in_segment;   // x86-64: relative to the segment register gs, so to memory 0
    bool is_write;     // AArch64 only: x86-64's kernel tells
    unsigned size;     // in bytes
};

// Registers in the numbering of DWARF, as in struct smelt_unwind_cursor; the x86-64 ones include
// the address of the instruction, as the last.
bool access_decode_x86_64(const uint8_t *code, size_t length, const uint64_t *registers,
                          struct memory_access *access);
bool access_decode_aarch64(uint32_t instruction, const uint64_t *registers,
                           struct memory_access *access);

#endif
