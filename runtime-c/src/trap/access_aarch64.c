// Memory operands of AArch64 instructions (Arm's architecture reference manual, section C4.1,
// "Loads and stores").
#include "access.h"

static int64_t sign_extend(uint32_t value, unsigned bits) {
    uint32_t sign = 1u << (bits - 1);
    return (int64_t)(value ^ sign) - (int64_t)sign;
}

// Of a single register: general, floating-point or vector.
static unsigned register_size(uint32_t in, bool *is_write) {
    unsigned size = in >> 30, operation = in >> 22 & 3;
    bool is_vector = (in >> 26 & 1) != 0;
    if (is_vector) {
        *is_write = (operation & 1) == 0;
        return 1u << (size | (operation & 2) << 1);
    }
    *is_write = operation == 0;
    return 1u << size;
}

static uint64_t extended_register(uint32_t in, const uint64_t *registers, unsigned size) {
    unsigned number = in >> 16 & 31, option = in >> 13 & 7;
    uint64_t value = number == 31 ? 0 : registers[number];
    if ((option & 1) == 0) {
        value &= UINT32_MAX;
        if (option & 4) value = (uint64_t)(int64_t)(int32_t)value;
    }
    unsigned shift = 0;
    if (in >> 12 & 1) {
        while (1u << shift < size) shift++;
    }
    return value << shift;
}

static bool decode_register(uint32_t in, const uint64_t *registers, struct memory_access *access) {
    access->size = register_size(in, &access->is_write);
    if (access->size > 16) return false;
    if (in >> 24 & 1) {
        access->address += (uint64_t)(in >> 10 & 0xfff) * access->size;
        return true;
    }
    unsigned kind = in >> 10 & 3;
    if ((in >> 21 & 1) == 0) {
        // Behind a post-increment, the address is the register's.
        if (kind != 1) access->address += (uint64_t)sign_extend(in >> 12 & 0x1ff, 9);
        return true;
    }
    if (kind == 2) {
        access->address += extended_register(in, registers, access->size);
        return true;
    }
    access->is_write = true;  // an atomic operation
    return kind == 0;
}

static bool decode_pair(uint32_t in, struct memory_access *access) {
    unsigned operation = in >> 30, kind = in >> 23 & 3;
    bool is_vector = (in >> 26 & 1) != 0;
    if (operation == 3) return false;
    unsigned size = is_vector ? 4u << operation : operation == 2 ? 8 : 4;
    access->size = 2 * size;
    access->is_write = (in >> 22 & 1) == 0;
    if (kind != 1) access->address += (uint64_t)(sign_extend(in >> 15 & 0x7f, 7) * (int64_t)size);
    return true;
}

// Loads and stores of the elements of vectors: LD1 to LD4, ST1 to ST4.
static bool decode_structure(uint32_t in, struct memory_access *access) {
    access->is_write = (in >> 22 & 1) == 0;
    unsigned full = in >> 30 & 1 ? 16 : 8;
    if ((in >> 24 & 1) == 0) {
        static const uint8_t registers[16] = {
            [0] = 4, [2] = 4, [4] = 3, [6] = 3, [7] = 1, [8] = 2, [10] = 2};
        access->size = registers[in >> 12 & 15] * full;
        return access->size != 0;
    }
    unsigned opcode = in >> 13 & 7, size = in >> 10 & 3;
    unsigned count = ((opcode & 1) << 1 | (in >> 21 & 1)) + 1;
    unsigned element = opcode >> 1 == 3 ? 1u << size : opcode >> 1 == 2 && size & 1 ? 8
                                                       : 1u << (opcode >> 1);
    access->size = count * element;
    return true;
}

static bool decode_exclusive(uint32_t in, struct memory_access *access) {
    // Exclusive pairs have bit 21 without bit 23; compare-and-swap has both, or pairs in bit 31.
    bool is_ordered = (in >> 23 & 1) != 0, is_pair = !is_ordered && (in >> 21 & 1) != 0;
    access->is_write = (in >> 22 & 1) == 0 || (is_ordered && (in >> 21 & 1) != 0);
    access->size = 1u << (is_pair ? 2 + (in >> 30 & 1) : in >> 30);
    if (is_pair) access->size *= 2;
    return true;
}

bool access_decode_aarch64(uint32_t in, const uint64_t *registers, struct memory_access *access) {
    access->address = registers[in >> 5 & 31];  // 31 is the stack pointer, as in DWARF
    access->has_address = true;
    if ((in & 0x3b000000) == 0x18000000) return false;  // of constants in the code
    if ((in & 0x3f000000) == 0x08000000) return decode_exclusive(in, access);
    if ((in & 0x3a000000) == 0x28000000) return decode_pair(in, access);
    if ((in & 0x3a000000) == 0x38000000) return decode_register(in, registers, access);
    if ((in & 0xbe000000) == 0x0c000000) return decode_structure(in, access);
    return false;
}
