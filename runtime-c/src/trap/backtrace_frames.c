// The frames of backtraces; the names come from the smelt_symbol entries of the program.
#include "backtrace.h"

#include <stdbool.h>
#include <string.h>

#include "core/guest_text.h"
#include "smelt/abi.h"
#include "source_table.h"
#include "unwind/unwind.h"

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

static void print_place(struct smelt_message *message, const struct source_place *place) {
    if (place->file == NULL) return;
    smelt_message_text(message, " at ");
    smelt_message_guest_text(message, place->file);
    if (place->line == 0) return;
    smelt_message_text(message, ":");
    smelt_message_decimal(message, place->line);
    if (place->column == 0) return;
    smelt_message_text(message, ":");
    smelt_message_decimal(message, place->column);
}

// A backtrace that is being printed.
struct backtrace {
    struct smelt_message *message;
    unsigned count;
};

// Prints one line; false if there have been enough.
static bool print_frame(struct backtrace *backtrace, const char *name, uint64_t pc,
                        const struct source_place *place) {
    struct smelt_message *message = backtrace->message;
    if (backtrace->count == FRAME_LIMIT) {
        smelt_message_text(message, "  ... and more\n");
        return false;
    }
    smelt_message_text(message, backtrace->count < 10 ? "  " : " ");
    smelt_message_decimal(message, backtrace->count++);
    smelt_message_text(message, ": ");
    if (name != NULL) {
        smelt_message_guest_text(message, name);
    } else {
        smelt_message_hex(message, pc);
    }
    print_place(message, place);
    smelt_message_text(message, "\n");
    return true;
}

// Prints the function at `pc`, after those that were inlined into it there.
static bool print_functions(struct backtrace *backtrace, uint64_t pc) {
    const char *name = function_name(pc);
    // Code between the guest's functions and the runtime has an empty name.
    if (name != NULL && name[0] == '\0') return true;
    struct source_place place = {.name = NULL};
#if !defined(SMELT_LIBRARY)  // which carries no debug information over yet
    if (&smelt_source_table != NULL) {
        uint64_t offset = pc - (uint64_t)(uintptr_t)smelt_code_begin;
        uint32_t number = source_table_find(&smelt_source_table, offset);
        if (number != 0) place = source_table_place(&smelt_source_table, number);
        while (place.caller != 0) {
            if (!print_frame(backtrace, place.name, pc, &place)) return false;
            place = source_table_place(&smelt_source_table, place.caller);
        }
    }
#endif
    return print_frame(backtrace, name, pc, &place);
}

void smelt_print_frames(struct smelt_message *message, struct smelt_unwind_cursor *cursor) {
    struct backtrace backtrace = {message, 0};
    do {
        // A return address can be the first one behind its function.
        uint64_t pc = cursor->is_exact ? cursor->pc : cursor->pc - 1;
        bool is_guest = pc >= (uint64_t)(uintptr_t)smelt_code_begin &&
                        pc < (uint64_t)(uintptr_t)smelt_code_end;
        if (is_guest && !print_functions(&backtrace, pc)) return;
    } while (smelt_unwind_step(cursor));
}
