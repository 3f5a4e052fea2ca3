// The message of a program that cannot be locked down.
#include "refusal.h"

#include "message.h"

_Noreturn void smelt_lockdown_refused(const char *mechanism) {
    smelt_fail("cannot lock the program down: ", mechanism,
               " is refused here; the grant --no-lockdown does without");
}
