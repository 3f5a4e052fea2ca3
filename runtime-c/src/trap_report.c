// What an executable does about a trap: say which one, show where, exit.
#include <unistd.h>

#include "backtrace.h"
#include "message.h"
#include "trap.h"

// Null in programs without backtraces.
#pragma weak smelt_print_backtrace

// Of the shell's convention: 128 + SIGABRT.
enum { TRAP_EXIT_STATUS = 134 };

// The reasons as the WebAssembly specification's test suite spells them.
static const char *reason(enum smelt_trap_code code) {
    static const char *const reasons[SMELT_TRAP_CODE_COUNT] = {
        [SMELT_TRAP_UNREACHABLE] = "unreachable",
        [SMELT_TRAP_INTEGER_DIVIDE_BY_ZERO] = "integer divide by zero",
        [SMELT_TRAP_INTEGER_OVERFLOW] = "integer overflow",
        [SMELT_TRAP_INVALID_CONVERSION_TO_INTEGER] = "invalid conversion to integer",
        [SMELT_TRAP_OUT_OF_BOUNDS_MEMORY_ACCESS] = "out of bounds memory access",
        [SMELT_TRAP_OUT_OF_BOUNDS_TABLE_ACCESS] = "out of bounds table access",
        [SMELT_TRAP_UNDEFINED_ELEMENT] = "undefined element",
        [SMELT_TRAP_UNINITIALIZED_ELEMENT] = "uninitialized element",
        [SMELT_TRAP_INDIRECT_CALL_TYPE_MISMATCH] = "indirect call type mismatch",
        [SMELT_TRAP_CALL_STACK_EXHAUSTED] = "call stack exhausted",
        [SMELT_TRAP_NULL_REFERENCE] = "null reference",
        [SMELT_TRAP_NULL_FUNCTION_REFERENCE] = "null function reference",
        [SMELT_TRAP_UNALIGNED_ATOMIC] = "unaligned atomic",
        [SMELT_TRAP_EXPECTED_SHARED_MEMORY] = "expected shared memory",
        [SMELT_TRAP_CAST_FAILURE] = "cast failure",
    };
    return reasons[code];
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
    if (smelt_print_backtrace != NULL) smelt_print_backtrace(&message, &trap->frame);
    smelt_message_flush(&message);
    _exit(TRAP_EXIT_STATUS);
}
