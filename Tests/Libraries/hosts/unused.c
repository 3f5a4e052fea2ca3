// Functions that LLVM hands anything in place of their instance look at the stack's limit all the same.
#include "unused.h"

#include "check.h"

int main(void) {
    smelt_error error;
    unused *instance = unused_new(NULL, NULL, &error);
    CHECK(instance != NULL);
    uint32_t result = 0;
    CHECK(unused_h(instance, 5, &result) == SMELT_OK && result == 1901732480);
    CHECK(unused_free(instance) == SMELT_OK);
    printf("%d failures\n", failures);
    return failures != 0;
}
