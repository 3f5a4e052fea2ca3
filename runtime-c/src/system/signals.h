// Signal handlers, as the kernel takes them.
#ifndef SMELT_SYSTEM_SIGNALS_H
#define SMELT_SYSTEM_SIGNALS_H

#include <stdint.h>

// sigaction(2)'s structure; libc's differs.
struct smelt_signal_action {
    void *handler;
    unsigned long flags;
    void (*restorer)(void);
    uint64_t mask;
};

// In bytes.
#define SMELT_SIGNAL_SET_SIZE 8

#if defined(__x86_64__)
// Where handlers return to. Other architectures have one in the kernel.
void smelt_return_from_signal(void);
#endif

static inline struct smelt_signal_action smelt_signal_action(void *handler, unsigned long flags) {
#if defined(__x86_64__)
    const unsigned long has_restorer = 0x04000000;
    return (struct smelt_signal_action){handler, flags | has_restorer, smelt_return_from_signal, 0};
#else
    return (struct smelt_signal_action){handler, flags, 0, 0};
#endif
}

#endif
