// Answers one connection, on the first descriptor that is not a standard stream or a directory:
// sends back in upper case what it gets, until the other side has nothing more to say.
#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int count, char **arguments) {
    int listener = count > 1 ? atoi(arguments[1]) : 3;
    struct pollfd poll_fd = {.fd = listener, .events = POLLIN};
    if (poll(&poll_fd, 1, 20000) != 1) return 2;
    int connection = accept(listener, NULL, NULL);
    if (connection < 0) {
        printf("accept: %s\n", strerror(errno));
        return 1;
    }
    char buffer[64];
    ssize_t length;
    while ((length = recv(connection, buffer, sizeof buffer, 0)) > 0) {
        for (ssize_t index = 0; index < length; index++) {
            buffer[index] = (char)toupper((unsigned char)buffer[index]);
        }
        if (send(connection, buffer, (size_t)length, 0) != length) return 3;
    }
    if (shutdown(connection, SHUT_RDWR) != 0) return 4;
    close(connection);
    puts("served");
    return 0;
}
