// Copies standard input to standard output, 64 KiB at a time, and reports the number of bytes.
#include <stdio.h>
#include <unistd.h>

static char buffer[1 << 16];

int main(void) {
    unsigned long long total = 0;
    ssize_t length;
    while ((length = read(0, buffer, sizeof buffer)) > 0) {
        for (ssize_t done = 0; done < length;) {
            ssize_t part = write(1, buffer + done, (size_t)(length - done));
            if (part <= 0) return 1;
            done += part;
        }
        total += (unsigned long long)length;
    }
    fprintf(stderr, "%llu bytes\n", total);
    return length != 0;
}
