// Reading DWARF data within bounds: a read past the end yields zero and marks the reader as
// failed, so callers check once, at the end.
#ifndef SMELT_DWARF_READER_H
#define SMELT_DWARF_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dwarf_reader {
    const uint8_t *position, *end;
    bool has_failed;
};

// The next `size` (at most 8) bytes as a little-endian number.
uint64_t dwarf_read_unsigned(struct dwarf_reader *reader, size_t size);

// The same, sign-extended; size is not zero.
int64_t dwarf_read_signed(struct dwarf_reader *reader, size_t size);

uint64_t dwarf_read_uleb128(struct dwarf_reader *reader);
int64_t dwarf_read_sleb128(struct dwarf_reader *reader);

// The next `length` bytes as a reader of their own, which is empty and failed past the end.
struct dwarf_reader dwarf_read_block(struct dwarf_reader *reader, uint64_t length);

// A pointer in one of the encodings of .eh_frame (DW_EH_PE_*, Linux Standard Base Core 10.5):
// the lower half is the format, 0x10 adds the field's own address. Indirect pointers (0x80) are
// read but not followed; they occur only for personality routines.
uint64_t dwarf_read_encoded(struct dwarf_reader *reader, uint8_t encoding);

#endif
