// Starts a program many times, or once under observation, from a process so small that its own
// memory and work do not show. Python's would: a child begins with its parent's peak memory.
//
//   probe time COUNT PROGRAM     "median minimum" of the wall time, in microseconds
//   probe memory PROGRAM         the most memory that was ever resident, in KiB
//   probe cost COMMAND...        wall seconds and peak memory in KiB, of a command and its children
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
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

static int measure_cost(char **command) {
    pid_t child;
    int status;
    struct rusage usage;
    double start = now();
    if (posix_spawnp(&child, command[0], NULL, NULL, command, environ) != 0) return 127;
    if (wait4(child, &status, 0, &usage) != child) return 1;
    printf("%.3f %ld\n", (now() - start) / 1e6, usage.ru_maxrss);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

// The larger of two figures in a file of /proc: `most`, and what comes after the label.
static int figure(pid_t child, const char *file, const char *label, int most) {
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)child, file);
    FILE *stream = fopen(path, "r");
    if (stream == NULL) return most;
    while (fgets(line, sizeof line, stream) != NULL) {
        size_t size = strlen(label);
        if (strncmp(line, label, size) == 0 && atoi(line + size) > most) most = atoi(line + size);
    }
    fclose(stream);
    return most;
}

// Stops the program as it exits, while the kernel still knows what it used.
static int measure_memory(char *program) {
    char *arguments[] = {program, NULL};
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
    // Some kernels count the first pages roughly; the second file is exact, but only of the end.
    int most = figure(child, "smaps_rollup", "Rss:", figure(child, "status", "VmHWM:", 0));
    printf("%d\n", most);
    return most == 0;
}

int main(int count, char **arguments) {
    if (count == 4 && strcmp(arguments[1], "time") == 0) {
        return measure_time(atoi(arguments[2]), arguments[3]);
    }
    if (count > 2 && strcmp(arguments[1], "cost") == 0) return measure_cost(arguments + 2);
    if (count == 3 && strcmp(arguments[1], "memory") == 0) return measure_memory(arguments[2]);
    return 2;
}
