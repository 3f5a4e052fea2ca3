// Traps of the Component Model: generated code says why, and then executes `unreachable`. Only programs
// of components contain this.
#include <stddef.h>
#include <unistd.h>

#include "backtrace.h"
#include "core/message.h"
#include "smelt/component_traps.h"
#include "trap.h"

// Null in programs without backtraces.
#pragma weak smelt_print_backtrace

static uint32_t trap_code, trap_detail;

static void add_text(struct smelt_message *message, const char *text) {
    for (; *text != '\0'; text++) {
        if (text[0] == '%' && text[1] == 'u') {
            smelt_message_decimal(message, trap_detail);
            text++;
        } else {
            const char letter[] = {*text, '\0'};
            smelt_message_text(message, letter);
        }
    }
}

static _Noreturn void report(const struct smelt_trap *trap) {
    struct smelt_message message;
    message.length = 0;
    smelt_message_text(&message, "wasm trap: ");
    const char *text = smelt_component_trap_text(trap_code);
    if (text == NULL) {
        text = "of the Component Model, number %u";
        trap_detail = trap_code;
    }
    add_text(&message, text);
    smelt_message_text(&message, "\n");
    if (smelt_print_backtrace != NULL) smelt_print_backtrace(&message, trap);
    smelt_message_flush(&message);
    _exit(SMELT_TRAP_EXIT_STATUS);
}

// The trap comes right behind the call.
void smelt_component_trap(struct smelt_context *context, uint32_t code, uint32_t detail) {
    (void)context;
    trap_code = code;
    trap_detail = detail;
    smelt_set_trap_handler(report);
}
