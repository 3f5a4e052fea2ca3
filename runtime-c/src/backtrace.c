// Backtraces of guest code; the names come from the smelt_symbol entries of the program.
#include "backtrace.h"

#include "smelt/abi.h"

enum { FRAME_LIMIT = 32 };

static uint64_t address_of(const int32_t *field) {
    return (uint64_t)((int64_t)(uintptr_t)field + *field);
}

// The name of the function whose first instruction is nearest at or below `pc`, or null.
static const char *function_name(uint64_t pc) {
    const struct smelt_symbol *nearest = NULL;
    uint64_t nearest_address = 0;
    for (const struct smelt_symbol *symbol = smelt_symbols_begin; symbol < smelt_symbols_end;
         symbol++) {
        uint64_t address = address_of(&symbol->code);
        if (address <= pc && address >= nearest_address) {
            nearest = symbol;
            nearest_address = address;
        }
    }
    return nearest == NULL ? NULL : (const char *)(uintptr_t)address_of(&nearest->name);
}

static void print_frame(struct smelt_message *message, unsigned number, const char *name,
                        uint64_t pc) {
    smelt_message_text(message, number < 10 ? "  " : " ");
    smelt_message_decimal(message, number);
    smelt_message_text(message, ": ");
    if (name != NULL) {
        smelt_message_text(message, name);
    } else {
        smelt_message_hex(message, pc);
    }
    smelt_message_text(message, "\n");
}

void smelt_print_backtrace(struct smelt_message *message,
                           const struct smelt_unwind_cursor *frame) {
    struct smelt_unwind_cursor cursor = *frame;
    unsigned number = 0;
    do {
        // A return address can be the first one behind its function.
        uint64_t pc = cursor.is_exact ? cursor.pc : cursor.pc - 1;
        if (pc < (uint64_t)(uintptr_t)smelt_code_begin ||
            pc >= (uint64_t)(uintptr_t)smelt_code_end) {
            continue;
        }
        const char *name = function_name(pc);
        // Code between the guest's functions and the runtime has an empty name.
        if (name != NULL && name[0] == '\0') continue;
        if (number == FRAME_LIMIT) {
            smelt_message_text(message, "  ... and more\n");
            return;
        }
        print_frame(message, number++, name, pc);
    } while (smelt_unwind_step(&cursor));
}
