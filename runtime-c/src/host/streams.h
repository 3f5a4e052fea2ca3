// The standard streams that a process was started with.
#ifndef SMELT_HOST_STREAMS_H
#define SMELT_HOST_STREAMS_H

enum { HOST_STREAMS = 3 };

// The flags of a standard stream, as fcntl(2) says them. If it is closed, -1, and its number is taken: for
// the guest it stays closed; but a file that is opened later must not be where the runtime reports
// traps.
int host_adopt_stream(int fd);

#endif
