// The glue of CPython: what its files share.
#ifndef SMELT_PYTHON_EXTENSION_H
#define SMELT_PYTHON_EXTENSION_H

#define Py_LIMITED_API 0x030b0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "common/glue.h"

// What a module of one interpreter has: it lives as long as a function of it.
struct python_module {
    struct glue glue;
    PyThread_type_lock lock;
    PyObject *error;  // the type of what is raised
    uint32_t references;
    PyThreadState *thread;  // while a call has released the interpreter's lock
    char notice[1001];
};

struct python_module *python_retain(struct python_module *module);
void python_release(struct python_module *module);

// What arguments need until the call has ended.
struct python_holds {
    Py_buffer buffers[GLUE_MAXIMUM_ARGUMENTS];
    void *arrays[GLUE_MAXIMUM_ARGUMENTS];
    uint32_t buffer_count, array_count;
};

void python_let_go(struct python_holds *holds);

// Reads an argument; false if an exception is raised. None is NULL.
bool python_argument(const struct glue_function *function, const struct glue_argument *argument,
                     PyObject *object, struct glue_value *value, struct python_holds *holds);

PyObject *python_result(const struct glue_value *value, bool is_array);

// Raises what the last call of the guest has failed with.
PyObject *python_raise(struct python_module *module, const struct glue_function *function);

#endif
