// What an executable does about a trap: say which one, show where, exit.
#include <string.h>
#include <unistd.h>

#include "backtrace.h"
#include "core/message.h"
#include "trap.h"

// Null in programs without backtraces.
#pragma weak smelt_print_backtrace

// The reasons in the order of their codes from 1 on. Pointers to them would be twice as large as
// looking for one is.
#define ROW(name, reason) reason "\0"
static const char reasons[] = SMELT_TRAP_CODES(ROW);
#undef ROW

static const char *reason(enum smelt_trap_code code) {
    const char *text = reasons;
    for (unsigned left = (unsigned)code; left > 1; left--) text += strlen(text) + 1;
    return text;
}

static uint64_t memory_index(const struct smelt_memory *memory) {
    uint64_t index = 0;
    while (index < smelt_program.memory_count && smelt_program.memories[index] != memory) index++;
    return index;
}

static void print_access(struct smelt_message *message, const struct smelt_trap *trap) {
    if (trap->size != 0) {
        smelt_message_text(message, trap->is_write ? "  write of " : "  read of ");
        smelt_message_decimal(message, trap->size);
        smelt_message_text(message, trap->size == 1 ? " byte at address " : " bytes at address ");
    } else {
        smelt_message_text(message, "  at address ");
    }
    smelt_message_hex(message, trap->address);
    smelt_message_text(message, " of memory ");
    smelt_message_decimal(message, memory_index(trap->memory));
    smelt_message_text(message, ", whose size is ");
    smelt_message_hex(message, trap->memory->byte_size);
    smelt_message_text(message, " bytes\n");
}

_Noreturn void smelt_report_trap(const struct smelt_trap *trap) {
    struct smelt_message message;
    message.length = 0;
    smelt_message_text(&message, "wasm trap: ");
    smelt_message_text(&message, reason(trap->code));
    smelt_message_text(&message, "\n");
    if (trap->memory != NULL) print_access(&message, trap);
    if (smelt_print_backtrace != NULL) smelt_print_backtrace(&message, trap);
    smelt_message_flush(&message);
    _exit(SMELT_TRAP_EXIT_STATUS);
}
