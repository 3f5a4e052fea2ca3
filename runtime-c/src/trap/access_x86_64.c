// Memory operands of x86-64 instructions (Intel's manual, volume 2, chapter 2 and appendix A), as
// far as compiled guest code has them.
#include "access.h"

enum map { ONE_BYTE = 0, MAP_0F = 1, MAP_0F38 = 2, MAP_0F3A = 3 };
enum prefix { NO_PREFIX = 0, PREFIX_66 = 1, PREFIX_F3 = 2, PREFIX_F2 = 3 };

struct instruction {
    const uint8_t *code;
    size_t length, position;
    bool has_failed;
    bool in_segment;         // 65: relative to gs
    bool operand_size;       // 66, which legacy prefixes can be besides F2 and F3
    enum prefix prefix;      // the mandatory one of SSE and behind
    bool is_vex, is_evex, is_broadcast;
    unsigned wide;           // REX.W, VEX.W
    unsigned reg, index, base;  // the fourth bits of registers: 0 or 8
    unsigned vector_size;    // in bytes
    enum map map;
    uint8_t opcode, modrm;
};

static uint8_t next_byte(struct instruction *in) {
    if (in->position >= in->length) {
        in->has_failed = true;
        return 0;
    }
    return in->code[in->position++];
}

static int64_t next_displacement(struct instruction *in, unsigned size) {
    if (size == 1) return (int8_t)next_byte(in);
    uint32_t value = 0;
    for (unsigned shift = 0; shift < 32; shift += 8) value |= (uint32_t)next_byte(in) << shift;
    return (int32_t)value;
}

// Reads legacy prefixes; returns the byte behind them.
static uint8_t read_prefixes(struct instruction *in) {
    for (;;) {
        uint8_t byte = next_byte(in);
        switch (byte) {
        case 0x66: in->operand_size = true; break;
        case 0xf2: in->prefix = PREFIX_F2; break;
        case 0xf3: in->prefix = PREFIX_F3; break;
        case 0x2e: case 0x36: case 0x3e: case 0x26: case 0xf0: break;
        case 0x65: in->in_segment = true; break;
        case 0x64: case 0x67: in->has_failed = true; return 0;  // never for guest memory
        default: return byte;
        }
    }
}

static void read_vex(struct instruction *in, uint8_t byte) {
    in->is_vex = true;
    uint8_t first = next_byte(in), last = first;
    in->reg = first & 0x80 ? 0 : 8;
    in->map = MAP_0F;
    if (byte != 0xc5) {
        in->index = first & 0x40 ? 0 : 8;
        in->base = first & 0x20 ? 0 : 8;
        in->map = (enum map)(first & (byte == 0x62 ? 7 : 31));
        last = next_byte(in);
        in->wide = last >> 7;
    }
    in->prefix = (enum prefix)(last & 3);
    in->vector_size = last & 4 ? 32 : 16;
    if (byte == 0x62) {
        uint8_t third = next_byte(in);
        in->is_evex = true;
        in->is_broadcast = (third & 0x10) != 0;
        in->vector_size = 16u << (third >> 5 & 3);
    }
    in->opcode = next_byte(in);
}

static void read_opcode(struct instruction *in) {
    uint8_t byte = read_prefixes(in);
    in->vector_size = 16;
    if (byte == 0xc4 || byte == 0xc5 || byte == 0x62) {
        read_vex(in, byte);
        return;
    }
    if (in->operand_size && in->prefix == NO_PREFIX) in->prefix = PREFIX_66;
    if ((byte & 0xf0) == 0x40) {
        in->wide = byte >> 3 & 1;
        in->reg = byte & 4 ? 8 : 0;
        in->index = byte & 2 ? 8 : 0;
        in->base = byte & 1 ? 8 : 0;
        byte = next_byte(in);
    }
    if (byte == 0x0f) {
        byte = next_byte(in);
        in->map = MAP_0F;
        if (byte == 0x38 || byte == 0x3a) {
            in->map = byte == 0x38 ? MAP_0F38 : MAP_0F3A;
            byte = next_byte(in);
        }
    }
    in->opcode = byte;
}

static unsigned integer_size(const struct instruction *in) {
    return in->wide ? 8 : in->operand_size ? 2 : 4;
}

static unsigned word_size(const struct instruction *in) {
    return in->wide ? 8 : 4;
}

static unsigned size_one_byte(const struct instruction *in) {
    unsigned opcode = in->opcode, extension = in->modrm >> 3 & 7;
    if (opcode < 0x40 && (opcode & 7) < 4) return opcode & 1 ? integer_size(in) : 1;
    switch (opcode) {
    case 0x63: return 4;
    case 0x80: case 0x84: case 0x86: case 0x88: case 0x8a: case 0xc0: case 0xc6: case 0xd0:
    case 0xd2: case 0xf6: case 0xfe:
        return 1;
    case 0x69: case 0x6b: case 0x81: case 0x83: case 0x85: case 0x87: case 0x89: case 0x8b:
    case 0xc1: case 0xc7: case 0xd1: case 0xd3: case 0xf7:
        return integer_size(in);
    case 0xff: return extension < 2 ? integer_size(in) : 8;
    default: return 0;
    }
}

static unsigned size_scalar_or_vector(const struct instruction *in) {
    switch (in->prefix) {
    case PREFIX_F3: return 4;
    case PREFIX_F2: return 8;
    default: return in->vector_size;
    }
}

static unsigned size_0f(const struct instruction *in) {
    unsigned opcode = in->opcode;
    if (opcode >= 0x40 && opcode <= 0x4f) return integer_size(in);
    if (opcode >= 0x90 && opcode <= 0x9f) return 1;
    switch (opcode) {
    case 0x10: case 0x11: case 0x51: case 0x52: case 0x53: case 0x58: case 0x59: case 0x5c:
    case 0x5d: case 0x5e: case 0x5f: case 0xc2:
        return size_scalar_or_vector(in);
    case 0x12: return in->prefix == PREFIX_F3 ? in->vector_size : 8;
    case 0x16: return in->prefix == PREFIX_F3 ? in->vector_size : 8;
    case 0x13: case 0x17: case 0xd6: return 8;
    case 0x2a: return in->prefix >= PREFIX_F3 ? word_size(in) : 8;
    case 0x2c: case 0x2d: return in->prefix == PREFIX_F3 ? 4 : 8;
    case 0x2e: case 0x2f: return in->prefix == PREFIX_66 ? 8 : 4;
    case 0x5a: return in->prefix == PREFIX_F3 ? 4
                      : in->prefix == PREFIX_F2 ? 8
                      : in->prefix == PREFIX_66 ? in->vector_size : in->vector_size / 2;
    case 0x6e: return word_size(in);
    case 0x7e: return in->prefix == PREFIX_F3 ? 8 : word_size(in);
    case 0xa3: case 0xa4: case 0xa5: case 0xab: case 0xac: case 0xad: case 0xaf: case 0xb1:
    case 0xb3: case 0xb8: case 0xba: case 0xbb: case 0xbc: case 0xbd: case 0xc1: case 0xc3:
        return integer_size(in);
    case 0xb0: case 0xb6: case 0xbe: case 0xc0: return 1;
    case 0xb7: case 0xbf: case 0xc4: return 2;
    case 0xc7: return in->wide ? 16 : 8;
    case 0xe6: return in->prefix == PREFIX_F3 ? in->vector_size / 2 : in->vector_size;
    default: break;
    }
    bool is_vector = opcode == 0x14 || opcode == 0x15 || opcode == 0x28 || opcode == 0x29 ||
                     opcode == 0x2b || opcode == 0xc6 || (opcode >= 0x54 && opcode <= 0x7f) ||
                     opcode >= 0xd0;
    return is_vector ? in->vector_size : 0;
}

static unsigned size_0f38(const struct instruction *in) {
    static const uint8_t widening[] = {2, 4, 8, 2, 4, 2};  // what a vector is divided by
    unsigned opcode = in->opcode;
    if ((opcode >= 0x20 && opcode <= 0x25) || (opcode >= 0x30 && opcode <= 0x35)) {
        return in->vector_size / widening[opcode & 7];
    }
    if (opcode >= 0x90 && opcode <= 0x93) return 0;  // gathers have many addresses
    bool is_fused = opcode >= 0x96 && opcode <= 0xbf;
    if (is_fused && (opcode & 15) >= 9 && (opcode & 1) != 0) return word_size(in);
    switch (opcode) {
    case 0x18: case 0x58: return 4;
    case 0x19: case 0x59: return 8;
    case 0x1a: case 0x5a: return 16;
    case 0x78: return 1;
    case 0x79: return 2;
    case 0xf0: case 0xf1:
        return in->prefix == PREFIX_F2 && opcode == 0xf0 ? 1 : integer_size(in);
    case 0xf2: case 0xf3: case 0xf5: case 0xf6: case 0xf7: return word_size(in);
    default: return in->vector_size;
    }
}

static unsigned size_0f3a(const struct instruction *in) {
    switch (in->opcode) {
    case 0x0a: case 0x17: case 0x21: return 4;
    case 0x0b: return 8;
    case 0x14: case 0x20: return 1;
    case 0x15: return 2;
    case 0x16: case 0x22: case 0xf0: return word_size(in);
    case 0x18: case 0x19: case 0x38: case 0x39: return 16;
    default: return in->vector_size;
    }
}

static unsigned access_size(const struct instruction *in) {
    if (in->is_broadcast) return word_size(in);
    switch (in->map) {
    case ONE_BYTE: return size_one_byte(in);
    case MAP_0F: return size_0f(in);
    case MAP_0F38: return size_0f38(in);
    case MAP_0F3A: return size_0f3a(in);
    }
    return 0;
}

// The bytes behind the operands, which addresses relative to the instruction's end lie behind.
static unsigned immediate_size(const struct instruction *in) {
    unsigned opcode = in->opcode, extension = in->modrm >> 3 & 7;
    switch (in->map) {
    case ONE_BYTE:
        switch (opcode) {
        case 0x80: case 0x83: case 0xc0: case 0xc1: case 0xc6: case 0x6b: return 1;
        case 0x81: case 0xc7: case 0x69: return in->operand_size ? 2 : 4;
        case 0xf6: return extension < 2 ? 1 : 0;
        case 0xf7: return extension >= 2 ? 0 : in->operand_size ? 2 : 4;
        default: return 0;
        }
    case MAP_0F:
        return (opcode >= 0x70 && opcode <= 0x73) || opcode == 0xa4 || opcode == 0xac ||
               opcode == 0xba || opcode == 0xc2 || opcode == 0xc4 || opcode == 0xc6;
    case MAP_0F38: return 0;
    case MAP_0F3A: return 1;
    }
    return 0;
}

// A register by the number that instructions have for it.
static uint64_t register_value(const uint64_t *registers, unsigned number) {
    static const uint8_t in_dwarf[8] = {0, 2, 1, 3, 7, 6, 4, 5};
    return registers[number < 8 ? in_dwarf[number] : number];
}

bool access_decode_x86_64(const uint8_t *code, size_t length, const uint64_t *registers,
                          struct memory_access *access) {
    enum { IN_SIB = 4, NO_INDEX = 4, NO_BASE = 5, INSTRUCTION_POINTER = 16 };
    struct instruction in = {.code = code, .length = length};
    read_opcode(&in);
    in.modrm = next_byte(&in);
    unsigned mode = in.modrm >> 6, base = in.modrm & 7;
    if (in.has_failed || mode == 3) return false;
    access->size = access_size(&in);
    if (access->size == 0) return false;

    uint64_t address = 0;
    bool is_relative = false;
    if (base == IN_SIB) {
        uint8_t sib = next_byte(&in);
        unsigned index = (sib >> 3 & 7) | in.index;
        if (index != NO_INDEX) address += register_value(registers, index) << (sib >> 6);
        base = sib & 7;
        if (mode == 0 && base == NO_BASE) {
            address += (uint64_t)next_displacement(&in, 4);
        } else {
            address += register_value(registers, base | in.base);
        }
    } else if (mode == 0 && base == NO_BASE) {
        is_relative = true;
        address += (uint64_t)next_displacement(&in, 4);
    } else {
        address += register_value(registers, base | in.base);
    }
    // EVEX counts short displacements in operands.
    uint64_t unit = in.is_evex ? access->size : 1;
    if (mode == 1) address += (uint64_t)next_displacement(&in, 1) * unit;
    if (mode == 2) address += (uint64_t)next_displacement(&in, 4);
    if (is_relative) {
        address += registers[INSTRUCTION_POINTER] + in.position + immediate_size(&in);
    }
    access->address = address;
    access->in_segment = in.in_segment;
    access->has_address = !in.has_failed;
    return true;
}
