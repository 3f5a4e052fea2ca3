// wasi:cli/exit.
#include <unistd.h>

#include "smelt/component_functions.h"

_Noreturn void smelt_p2_cli_exit_exit_with_code(struct smelt_context *context, uint32_t code) {
    (void)context;
    _exit((int)(code & 0xff));
}

_Noreturn void smelt_p2_cli_exit_exit(struct smelt_context *context, uint32_t is_error) {
    (void)context;
    _exit(is_error != 0);
}
