// What waits for the system.
#include <unistd.h>

#define EXPORT(name) __attribute__((export_name(name)))

EXPORT("sleeping") unsigned sleeping(void) { return sleep(1000); }

EXPORT("briefly") int briefly(void) { return usleep(3000); }

EXPORT("reading") int reading(void) {
    char byte;
    return read(0, &byte, 1) == 1 ? byte : -1;
}
