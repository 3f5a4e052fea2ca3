// Reading DWARF data within bounds; see dwarf_reader.h.
#include "dwarf_reader.h"

#include <string.h>

uint64_t dwarf_read_unsigned(struct dwarf_reader *reader, size_t size) {
    uint64_t value = 0;
    if (reader->has_failed || (size_t)(reader->end - reader->position) < size) {
        reader->has_failed = true;
        return 0;
    }
    memcpy(&value, reader->position, size);
    reader->position += size;
    return value;
}

int64_t dwarf_read_signed(struct dwarf_reader *reader, size_t size) {
    uint64_t value = dwarf_read_unsigned(reader, size);
    uint64_t sign = UINT64_C(1) << (size * 8 - 1);
    return (int64_t)((value ^ sign) - sign);
}

static uint64_t dwarf_read_leb128(struct dwarf_reader *reader, bool is_signed) {
    uint64_t value = 0;
    unsigned shift = 0;
    uint64_t byte;
    do {
        byte = dwarf_read_unsigned(reader, 1);
        if (shift < 64) value |= (byte & 0x7f) << shift;
        shift += 7;
    } while ((byte & 0x80) != 0);
    if (is_signed && shift < 64 && (byte & 0x40) != 0) value |= ~UINT64_C(0) << shift;
    return value;
}

uint64_t dwarf_read_uleb128(struct dwarf_reader *reader) {
    return dwarf_read_leb128(reader, false);
}

int64_t dwarf_read_sleb128(struct dwarf_reader *reader) {
    return (int64_t)dwarf_read_leb128(reader, true);
}

struct dwarf_reader dwarf_read_block(struct dwarf_reader *reader, uint64_t length) {
    struct dwarf_reader block = {reader->position, reader->position, false};
    if (reader->has_failed || length > (uint64_t)(reader->end - reader->position)) {
        reader->has_failed = block.has_failed = true;
        return block;
    }
    reader->position += length;
    block.end = reader->position;
    return block;
}

uint64_t dwarf_read_encoded(struct dwarf_reader *reader, uint8_t encoding) {
    uint64_t address = (uint64_t)(uintptr_t)reader->position;
    uint64_t value = 0;
    switch (encoding & 0x0f) {
    case 0x00: case 0x04: case 0x0c: value = dwarf_read_unsigned(reader, 8); break;
    case 0x01: value = dwarf_read_uleb128(reader); break;
    case 0x02: value = dwarf_read_unsigned(reader, 2); break;
    case 0x03: value = dwarf_read_unsigned(reader, 4); break;
    case 0x09: value = (uint64_t)dwarf_read_sleb128(reader); break;
    case 0x0a: value = (uint64_t)dwarf_read_signed(reader, 2); break;
    case 0x0b: value = (uint64_t)dwarf_read_signed(reader, 4); break;
    default: reader->has_failed = true; return 0;
    }
    switch (encoding & 0x70) {
    case 0x00: return value;
    case 0x10: return value + address;
    default: reader->has_failed = true; return 0;
    }
}
