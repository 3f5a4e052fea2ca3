// Between the first instructions of a program and the runtime.
#ifndef SMELT_SYSTEM_ENTRY_H
#define SMELT_SYSTEM_ENTRY_H

// Runs the program; arguments and environment end in null pointers.
_Noreturn void smelt_main(int argument_count, char **arguments, char **environment);

#endif
