// The smallest program that prints with printf; its size is a promise.
#include <stdio.h>

int main(void) {
    printf("Hello, %s! %d\n", "world", 42);
    return 0;
}
