// Exceptions in a program of a test script: those that nobody catches come back to the caller of the
// guest, and the next call is as good as the first.
#include <stddef.h>
#include <stdint.h>

#include "smelt/abi.h"
#include "wast/guest.h"

int64_t test_deep(const struct smelt_tag *tag, int64_t depth, int64_t value);
int64_t test_uncaught(const struct smelt_tag *tag);
int64_t test_trap(int64_t value);
void fill(uint8_t *bytes, int64_t size);
int64_t check(const uint8_t *bytes, int64_t size);

static const struct smelt_tag tag = {"tag"};
static int64_t result;

void fill(uint8_t *bytes, int64_t size) { bytes[size - 1] = 0; }
int64_t check(const uint8_t *bytes, int64_t size) { return bytes[size - 1]; }

static void throw(void *argument) { test_uncaught(argument); }
static void catch(void *argument) { result = test_deep(argument, 5, 3); }
static void trap(void *argument) {
    (void)argument;
    test_trap(0);
}

int main(void) {
    wast_guest_prepare();
    for (int round = 0; round < 1000; round++) {
        if (wast_guest_call(throw, (void *)&tag) != SMELT_TRAP_UNCAUGHT_EXCEPTION) return 1;
        if (wast_guest_call(catch, (void *)&tag) != SMELT_TRAP_NONE || result != 1000003) return 2;
        if (wast_guest_call(trap, NULL) != SMELT_TRAP_UNREACHABLE) return 3;
    }
    return 0;
}
