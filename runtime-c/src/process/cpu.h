// Checking that the CPU has what the program was compiled for.
#ifndef SMELT_CPU_H
#define SMELT_CPU_H

#include <stdint.h>

#include "smelt/cpu_features.h"

// Which of the features this machine does not have: their bits.
uint64_t smelt_cpu_missing_features(const struct smelt_cpu_feature *needed, size_t count);

// Says which of the features, those whose bits are in `missing`, are not there and exits with
// status 1.
_Noreturn void smelt_cpu_fail(const char *cpu_name, const struct smelt_cpu_feature *needed,
                              size_t count, uint64_t missing);

#endif
