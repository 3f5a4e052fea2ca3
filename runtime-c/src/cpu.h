// Checking that the CPU has what the program was compiled for.
#ifndef SMELT_CPU_H
#define SMELT_CPU_H

#include <stdbool.h>
#include <stdint.h>

#include "smelt/cpu_features.h"

// Which of the features this machine does not have: their bits.
uint64_t smelt_cpu_missing_features(const struct smelt_cpu_feature *needed, size_t count);

// Whether the check may wait until an illegal instruction is met: asking an x86-64 CPU costs more
// than all the rest of the start. Not if the program may contain instructions that older CPUs
// execute as something else.
bool smelt_cpu_check_can_wait(const struct smelt_cpu_feature *needed, size_t count);

// Says which of the features, those whose bits are in `missing`, are not there and exits with
// status 1.
_Noreturn void smelt_cpu_fail(const char *cpu_name, const struct smelt_cpu_feature *needed,
                              size_t count, uint64_t missing);

#endif
