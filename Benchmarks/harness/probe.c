// Starts a program many times, or once under observation, from a process so small that its own
// memory and work do not show. Python's would: a child begins with its parent's peak memory.
//
//   probe time COUNT PROGRAM     "median minimum" of the wall time, in microseconds
//   probe memory PROGRAM         the most memory that was ever resident, in KiB
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int measure_time(int count, char *program) {
    double *times = calloc((size_t)count, sizeof *times);
    char *arguments[] = {program, NULL};
    for (int i = 0; i < count; i++) {
        pid_t child;
        int status;
        double start = now();
        if (posix_spawn(&child, program, NULL, NULL, arguments, environ) != 0) return 1;
        if (waitpid(child, &status, 0) != child || status != 0) return 1;
        times[i] = now() - start;
    }
    qsort(times, (size_t)count, sizeof *times, ascending);
    printf("%.1f %.1f\n", times[count / 2], times[0]);
    return 0;
}

// Stops the program as it exits, while the kernel still knows what it used.
static int measure_memory(char *program) {
    char path[64], line[256], *arguments[] = {program, NULL};
    int status;
    pid_t child = fork();
    if (child == 0) {
        ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        execve(program, arguments, environ);
        _exit(127);
    }
    waitpid(child, &status, 0);
    ptrace(PTRACE_SETOPTIONS, child, NULL, PTRACE_O_TRACEEXIT | PTRACE_O_EXITKILL);
    for (int signal = 0; WIFSTOPPED(status) && status >> 8 != (SIGTRAP | PTRACE_EVENT_EXIT << 8);) {
        ptrace(PTRACE_CONT, child, NULL, (void *)(long)signal);
        if (waitpid(child, &status, 0) != child) return 1;
        signal = WIFSTOPPED(status) && WSTOPSIG(status) != SIGTRAP ? WSTOPSIG(status) : 0;
    }
    snprintf(path, sizeof path, "/proc/%d/status", (int)child);
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "VmHWM:", 6) == 0) return printf("%d\n", atoi(line + 6)) < 0;
    }
    return 1;
}

int main(int count, char **arguments) {
    if (count == 4 && strcmp(arguments[1], "time") == 0) {
        return measure_time(atoi(arguments[2]), arguments[3]);
    }
    if (count == 3 && strcmp(arguments[1], "memory") == 0) return measure_memory(arguments[2]);
    return 2;
}
