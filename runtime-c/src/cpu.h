// Checking that the CPU has what the program was compiled for.
#ifndef SMELT_CPU_H
#define SMELT_CPU_H

#include <stdbool.h>
#include <stdint.h>

// The bits of `needed` (of the running architecture's table in cpu_features.h) that this machine
// does not have.
uint64_t smelt_cpu_missing_features(uint64_t needed);

// Whether the check may wait until an illegal instruction is met: asking an x86-64 CPU costs more
// than all the rest of the start. Not if the program may contain instructions that older CPUs
// execute as something else.
bool smelt_cpu_check_can_wait(uint64_t needed);

// Says which of the features in `missing` are not there and exits with status 1.
_Noreturn void smelt_cpu_fail(const char *cpu_name, uint64_t missing);

#endif
