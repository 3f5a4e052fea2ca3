// The lockdown: before guest code runs, the program gives up every system call that it cannot need,
// so that a defect in the runtime or in the compiler is of little use to an attacker.
//
// What a program may call follows from what it is made of (core/system_calls.h). What reports traps
// and ends the program is always allowed.
//
// What the kernel does not have is not used: where it was built without seccomp, in an emulator of
// user programs, which has none either, and where Landlock is missing, turned off or of its first
// version, the guest runs without it. What the kernel has and refuses ends the program before its
// guest runs, with a message.
#ifndef SMELT_LOCKDOWN_H
#define SMELT_LOCKDOWN_H

#include <stdbool.h>
#include <stdint.h>
#include "core/system_calls.h"

// The list, by the linker script: the number of a call, and its condition from bit 16 on.
extern const uint32_t smelt_calls_begin[], smelt_calls_end[];

// Gives up everything else, or ends the program. `has_directories` is whether the guest was granted any of the host's,
// `has_network` whether it may make connections of its own.
void smelt_lock_down(bool has_directories, bool has_network);

#endif
