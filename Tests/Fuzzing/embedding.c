// Runs a script of calls on a library of shared.py's, in some threads with instances of their own, which all
// have to see the same.
//
//     embedding LIBRARY SCRIPT THREADS
//
// The script has one command in a line: `c NUMBER A B C` calls an operation, `d` asks for the digest, `r` resets
// the instance, `n` makes another one. Of each the status and the result are printed.
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "t.h"

enum { MOST_OPERATIONS = 64, MOST_THREADS = 8, DEEPEST = 5 };

typedef enum smelt_status operation(t *, uint64_t, uint64_t, uint64_t, uint64_t *);
static operation *operations[MOST_OPERATIONS];
static uint64_t operation_count;
static t *(*make)(const t_imports *, const smelt_options *, smelt_error *);
static enum smelt_status (*give_back)(t *), (*reset)(t *), (*refuel)(t *), (*digest)(t *, uint64_t *);
static const char *script;
static _Thread_local int depth;

// Where one engine says that an index is outside of a table, others speak of an element that is not defined.
static uint32_t plain(enum smelt_status status) {
    return status == SMELT_UNDEFINED_ELEMENT ? SMELT_OUT_OF_BOUNDS_TABLE_ACCESS : status;
}

static uint32_t call_back(void *context, t *instance, uint64_t a, uint64_t b, uint64_t c,
                          uint64_t *result) {
    (void)context;
    uint64_t value = 0;
    enum smelt_status status;
    switch (a & 7) {
    case 4:
        *result = 1;
        if (depth > DEEPEST) return SMELT_OK;
        depth++;
        status = operations[b % operation_count](instance, c, b, a + 1, &value);
        depth--;
        *result = status == SMELT_OK ? value : plain(status);
        return SMELT_OK;
    case 5: return 7;
    case 6:
        if (give_back(instance) != SMELT_BUSY || reset(instance) != SMELT_BUSY) abort();
        *result = 6;
        return SMELT_OK;
    default: *result = a * 3 + b; return SMELT_OK;
    }
}

struct job {
    FILE *output;
    char *text;
    size_t size;
    uint32_t flags;
};

static t *begin(struct job *job) {
    const t_imports imports = {.size = sizeof imports, .h_cb = call_back, .h_g = 77};
    smelt_options options = SMELT_OPTIONS_INIT;
    smelt_error error;
    options.flags = job->flags;
    t *instance = make(&imports, &options, &error);
    if (instance == NULL) {
        fprintf(stderr, "no instance: %s", error.message);
        exit(1);
    }
    return instance;
}

static void call(struct job *job, t *instance, const char *line) {
    unsigned long long number, a, b, c;
    uint64_t result = 0;
    if (sscanf(line, "c %llu %llu %llu %llu", &number, &a, &b, &c) != 4 ||
        number >= operation_count) {
        exit(2);
    }
    refuel(instance);
    enum smelt_status status = operations[number](instance, a, b, c, &result);
    fprintf(job->output, "%u %llu\n", plain(status), status == SMELT_OK ? (unsigned long long)result : 0);
}

static void *run(void *argument) {
    struct job *job = argument;
    t *instance = begin(job);
    uint64_t result = 0;
    for (const char *line = script; *line != 0; line = strchr(line, '\n') + 1) {
        switch (*line) {
        case 'c': call(job, instance, line); break;
        case 'd': fprintf(job->output, "d %u ", digest(instance, &result));
            fprintf(job->output, "%llu\n", (unsigned long long)result);
            break;
        case 'r': fprintf(job->output, "r %u\n", reset(instance)); break;
        case 'n':
            if (give_back(instance) != SMELT_OK) abort();
            instance = begin(job);
        }
    }
    if (give_back(instance) != SMELT_OK) abort();
    return NULL;
}

static void find(void *library) {
    *(void **)&make = dlsym(library, "t_new");
    *(void **)&give_back = dlsym(library, "t_free");
    *(void **)&reset = dlsym(library, "t_reset");
    *(void **)&refuel = dlsym(library, "t_refuel");
    *(void **)&digest = dlsym(library, "t_digest");
    for (; operation_count < MOST_OPERATIONS; operation_count++) {
        char name[32];
        snprintf(name, sizeof name, "t_op%d", (int)operation_count);
        void *found = dlsym(library, name);
        if (found == NULL) break;
        *(void **)&operations[operation_count] = found;
    }
}

static const char *read_script(const char *path) {
    static char text[1 << 20];
    FILE *file = fopen(path, "r");
    if (file == NULL) exit(2);
    text[fread(text, 1, sizeof text - 1, file)] = 0;
    fclose(file);
    return text;
}

int main(int count, char **words) {
    if (count != 4) return 2;
    void *library = dlopen(words[1], RTLD_NOW);
    if (library == NULL) return fputs(dlerror(), stderr), 2;
    find(library);
    script = read_script(words[2]);
    int threads = atoi(words[3]);
    struct job jobs[MOST_THREADS];
    pthread_t ids[MOST_THREADS];
    for (int index = 0; index < threads; index++) {
        struct job *job = &jobs[index];
        job->output = open_memstream(&job->text, &job->size);
        job->flags = index % 2 == 0 ? 0 : SMELT_ONE_THREAD;
        if (pthread_create(&ids[index], NULL, run, job) != 0) return 2;
    }
    for (int index = 0; index < threads; index++) {
        pthread_join(ids[index], NULL);
        fclose(jobs[index].output);
        if (index > 0 && strcmp(jobs[index].text, jobs[0].text) != 0) {
            return fputs("threads differ", stderr), 3;
        }
    }
    fputs(jobs[0].text, stdout);
    for (int index = 0; index < threads; index++) free(jobs[index].text);
    return 0;
}
