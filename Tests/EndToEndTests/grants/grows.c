// Writes a byte to a file, and ends with WASI's number of what is in the way.
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int main(int count, char **arguments) {
    if (count != 2) return 255;
    int file = open(arguments[1], O_WRONLY);
    return file >= 0 && write(file, "x", 1) == 1 ? 0 : errno;
}
