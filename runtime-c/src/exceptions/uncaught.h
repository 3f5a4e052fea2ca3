// What happens to an exception that is not caught.
#ifndef SMELT_EXCEPTIONS_UNCAUGHT_H
#define SMELT_EXCEPTIONS_UNCAUGHT_H

#include "smelt/abi.h"
#include "unwind/unwind.h"

// Ends the program as a trap does; `thrower` is the frame that threw. Whoever runs dynamic instances
// has a definition of its own, which returns to the caller of the export.
_Noreturn void smelt_uncaught_exception(const struct smelt_exception *exception,
                                        const struct smelt_unwind_cursor *thrower);

#endif
