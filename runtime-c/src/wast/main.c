// The program of a test script: performs its commands in a child process, so that what happened
// before a crash is counted, and a crash is told apart from a failure.
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "commands.h"
#include "guest.h"
#include "core/message.h"
#include "report.h"
#include "script.h"

// Shared by both processes.
struct progress {
    volatile uint32_t command;  // the number of the one that is being performed
};

static _Noreturn void run(struct progress *progress) {
    struct wast_reader reader = {smelt_wast_script};
    uint32_t instance_count = wast_read_word(&reader);
    uint32_t command_count = wast_read_word(&reader);
    // Nobody catches SIGALRM: it ends the process, wherever it hangs.
    alarm(wast_read_word(&reader));
    struct smelt_instance **instances = calloc(instance_count + 1, sizeof *instances);
    if (instances == NULL) smelt_fail("no memory");
    wast_guest_prepare();
    for (uint32_t number = 0; number < command_count; number++) {
        progress->command = number;
        wast_perform(&reader, instances, number);
    }
    progress->command = command_count;
    _exit(0);
}

int main(void) {
    const struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    struct progress *progress = mmap(NULL, sizeof *progress, PROT_READ | PROT_WRITE,
                                     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (progress == MAP_FAILED) smelt_fail("no memory");
    pid_t child = fork();
    if (child < 0) smelt_fail("cannot start a process");
    if (child == 0) run(progress);
    int status;
    if (waitpid(child, &status, 0) != child) smelt_fail("lost a process");
    bool is_killed = WIFSIGNALED(status);
    wast_report_end(progress->command, is_killed,
                    (uint32_t)(is_killed ? WTERMSIG(status) : WEXITSTATUS(status)));
    return 0;
}
