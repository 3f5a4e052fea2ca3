// The end of a program whose host refuses what it has.
#ifndef SMELT_REFUSAL_H
#define SMELT_REFUSAL_H

// Says that the lockdown failed, and how to do without, and exits with status 1.
_Noreturn void smelt_lockdown_refused(const char *mechanism);

#endif
