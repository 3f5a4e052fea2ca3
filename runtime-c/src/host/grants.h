// Grants: what a program was given, by those who compiled it (smelt_program.grants) and those who
// runs it (the environment variable SMELT_GRANTS). Without any, a guest has its arguments, its
// standard streams, clocks and random numbers, and nothing else.
//
// Grammar. A list of grants is a list of words, the same on the compiler's command line, inside
// a compiled program and in SMELT_GRANTS. This is its one description; Sources/Compiler/Grants.swift
// reads the same.
//
//     --dir HOST[::GUEST][:ro]  the directory HOST and all beneath it, which the guest sees as GUEST
//                               (by default also HOST); with :ro it cannot change anything there
//                               (:rw says that it can, for names that end in ":ro" themselves)
//     --env NAME=VALUE          one environment variable
//     --inherit-env=NAME        the variable NAME, if the program's own environment has it
//     --inherit-env             all of the program's own environment, but for SMELT_GRANTS
//     --listen ADDRESS:PORT     connections to this address, [ADDRESS]:PORT for IPv6
//     --connect HOST:PORT       connections to this address or name, [ADDRESS]:PORT for IPv6; * stands
//                               for any host or any port (only for guests with WASI 0.2, see network.h)
//     --max-memory SIZE         no memory of the guest grows beyond SIZE
//     --gc-heap SIZE            what objects may take, by default half of the machine's memory
//     --stack-size SIZE         the native stack of the guest
//     --no-lockdown             the program keeps the system calls that it does not need
//
// For tests of the lockdown, and only in SMELT_GRANTS: `--try-call NUMBER` makes that system call,
// with zeros for arguments, instead of running the guest.
//
// A SIZE is a number of bytes, or one followed by K, M or G, which count 1024, 1024 K and 1024 M.
// Options with a value are one word with a "=", or two. In SMELT_GRANTS words are separated by
// blanks (spaces, tabs, newlines); a backslash takes the next character as it is. Directories get
// descriptors from 3 on, in order, those of the program first; those inside the executable (--embed)
// follow, and listening sockets come behind them.
// Of several variables of one name, or limits of one kind, the last counts. What is not of this
// form ends the program with a message and status 1.
//
// How the parts are linked: start.c (and only it) refers to the three functions below, and to those of
// wasi_p1/adopt.h, weakly. A
// weak reference takes no member out of the archive, so their code is in an executable only if
// something else brought it: the functions of WASI that need directories (preopens.c, and by a
// strong reference guest_path.c and directories.c), the environment (environment.c) or sockets
// (sockets.c), and those of WASI 0.2 likewise. A program that imports none of them carries, and does at start, nothing of it.
#ifndef SMELT_HOST_GRANTS_H
#define SMELT_HOST_GRANTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct host_state;

// Opens the granted directories; ends the program with a message if one cannot be opened.
void smelt_grant_directories(struct host_state *state);

// Gathers the granted environment variables.
void smelt_grant_environment(struct host_state *state);

// Notes the granted addresses and names of the network (network.h).
void smelt_grant_network(struct host_state *state);

// Reads whom to ask about names, where some are granted (names.h).
void smelt_grant_names(struct host_state *state);

// Those with a value first, limits last among them.
enum grant_kind {
    GRANT_DIRECTORY,
    GRANT_VARIABLE,
    GRANT_INHERIT_VARIABLE,
    GRANT_LISTEN,
    GRANT_CONNECT,
    GRANT_GC_HEAP,
    GRANT_MAX_MEMORY,
    GRANT_STACK_SIZE,
    GRANT_TRY_CALL,
    GRANT_INHERIT_ALL,
    GRANT_NO_LOCKDOWN,
};

struct grant {
    enum grant_kind kind;
    const char *text;        // the option's value, zero-terminated; the option if it has none
    size_t host_length;      // directories: the part of the text that is HOST
    const char *guest_name;  // directories: GUEST, not zero-terminated
    size_t guest_length;
    bool is_read_only;       // directories
    uint64_t size;           // limits, in bytes; the number of a system call
};

// A walk over all grants of a guest: the program's, then those of SMELT_GRANTS. Texts stay valid
// for the program's life.
struct grant_cursor {
    const struct host_state *state;
    const char *position, *end;  // zero-terminated words
    bool is_in_variable;         // these are of SMELT_GRANTS
};

// Begins a walk. The first one splits SMELT_GRANTS into words in place; the guest never sees it.
void grants_begin(struct grant_cursor *cursor, struct host_state *state);

// The next grant; false at the end. Malformed grants end the program with a message.
bool grants_next(struct grant_cursor *cursor, struct grant *grant);

// The value of SMELT_GRANTS among the host's variables, null if there is none.
char *grants_of_environment(char **environment);

#endif
