// Calls of imports that nobody provides (--stub-imports): a trap that names the import. Only programs
// with such imports contain this.
#include <stddef.h>
#include <unistd.h>

#include "backtrace.h"
#include "core/guest_text.h"
#include "core/message.h"
#include "trap.h"

// Null in programs without backtraces.
#pragma weak smelt_print_backtrace

static const char *missing_module, *missing_name;

static _Noreturn void report(const struct smelt_trap *trap) {
    struct smelt_message message;
    message.length = 0;
    smelt_message_text(&message, "wasm trap: call of the import ");
    smelt_message_guest_text(&message, missing_module);
    smelt_message_text(&message, ".");
    smelt_message_guest_text(&message, missing_name);
    smelt_message_text(&message, ", which nobody provides\n");
    if (smelt_print_backtrace != NULL) smelt_print_backtrace(&message, trap);
    smelt_message_flush(&message);
    _exit(SMELT_TRAP_EXIT_STATUS);
}

// The trap comes right behind the call.
void smelt_import_missing(const char *module, const char *name) {
    missing_module = module;
    missing_name = name;
    smelt_set_trap_handler(report);
}
