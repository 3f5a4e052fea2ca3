// The module of Python: for the limited interface of CPython 3.11, so one library for every later version.
//
// Every interpreter that imports it has an instance of the guest of its own. Functions that are declared
// so let other threads of the interpreter run in the meantime; a lock keeps these away from the instance.
// Who waits for the lock does not hold the interpreter's.
#include "extension.h"

#include <string.h>

static const struct glue_table *the_table;

// Instances -------------------------------------------------------------------------------------

struct python_module *python_retain(struct python_module *module) {
    module->references++;
    return module;
}

void python_release(struct python_module *module) {
    if (--module->references > 0) return;
    glue_end(&module->glue);
    PyThread_free_lock(module->lock);
    Py_XDECREF(module->error);
    PyMem_Free(module);
}

// Possibly without the interpreter's lock: what is to be shown is kept until it can be.
static uint32_t say(struct glue *glue, const char *text, uint64_t length, bool is_error) {
    struct python_module *module = (struct python_module *)glue;
    if (length > sizeof module->notice - 1) length = sizeof module->notice - 1;
    while (length == sizeof module->notice - 1 && (text[length] & 0xc0) == 0x80) length--;
    memcpy(module->notice, text, length);
    module->notice[length] = 0;
    if (!is_error) return 0;
    glue_fail(glue, module->notice);
    module->notice[0] = 0;
    return 1;
}

// Asked now and then while the guest runs: handlers of signals are, as between instructions of Python.
static uint32_t interrupted(void *argument) {
    struct python_module *module = argument;
    if (glue_is_late(argument)) {
        glue_fail(argument, "the call has taken longer than its deadline");
        return SMELT_INTERRUPTED;
    }
    bool has_released = module->thread != NULL;
    if (has_released) PyEval_RestoreThread(module->thread);
    int result = PyErr_Occurred() != NULL ? 0 : PyErr_CheckSignals();
    if (has_released) module->thread = PyEval_SaveThread();
    return result == 0 ? SMELT_OK : SMELT_INTERRUPTED;
}

PyObject *python_raise(struct python_module *module, const struct glue_function *function) {
    // A handler of a signal has raised something.
    if (PyErr_Occurred() != NULL) return NULL;
    const char *message = module->glue.error.message;
    Py_ssize_t length = (Py_ssize_t)strlen(message);
    while (length > 0 && message[length - 1] == '\n') length--;
    PyObject *text = PyUnicode_DecodeUTF8(message, length, "replace");
    if (text == NULL) return NULL;
    PyErr_Format(module->error, "%s: %U", function->name, text);
    Py_DECREF(text);
    return NULL;
}

static void lock(struct python_module *module) {
    if (PyThread_acquire_lock(module->lock, NOWAIT_LOCK) != 0) return;
    Py_BEGIN_ALLOW_THREADS;
    PyThread_acquire_lock(module->lock, WAIT_LOCK);
    Py_END_ALLOW_THREADS;
}

// Functions -------------------------------------------------------------------------------------

// What a function of Python is bound to: it keeps the module's instance.
struct binding {
    PyMethodDef definition;
    struct python_module *module;
    const struct glue_function *function;
};

static const char capsule_name[] = "smelt.function";

static void free_binding(PyObject *capsule) {
    struct binding *binding = PyCapsule_GetPointer(capsule, capsule_name);
    python_release(binding->module);
    PyMem_Free(binding);
}

static PyObject *run(struct python_module *module, const struct glue_function *function,
                     const struct glue_value *values) {
    struct glue *glue = &module->glue;
    struct glue_value value;
    uint32_t status;
    PyObject *result = NULL;
    lock(module);
    module->notice[0] = 0;
    if ((function->flags & GLUE_RELEASES_LOCK) != 0) {
        module->thread = PyEval_SaveThread();
        status = glue_call(glue, function->main, values, NULL, function->returned, &value, NULL);
        PyEval_RestoreThread(module->thread);
        module->thread = NULL;
    } else {
        status = glue_call(glue, function->main, values, NULL, function->returned, &value, NULL);
    }
    if (status == SMELT_OK) {
        result = python_result(&value, function->returned->is_array != 0);
        status = glue_finish(glue);
    }
    if (status != SMELT_OK) {
        Py_CLEAR(result);
        python_raise(module, function);
    }
    char notice[sizeof module->notice];
    memcpy(notice, module->notice, sizeof notice);
    PyThread_release_lock(module->lock);
    if (result != NULL && notice[0] != 0 && PyErr_WarnEx(PyExc_RuntimeWarning, notice, 1) != 0) {
        Py_CLEAR(result);
    }
    return result;
}

static PyObject *call(PyObject *capsule, PyObject *const *arguments, Py_ssize_t count) {
    const struct binding *binding = PyCapsule_GetPointer(capsule, capsule_name);
    if (binding == NULL) return NULL;
    const struct glue_function *function = binding->function;
    struct glue_value values[GLUE_MAXIMUM_ARGUMENTS];
    struct python_holds holds = {0};
    PyObject *result = NULL;
    if (count != (Py_ssize_t)function->argument_count) {
        return PyErr_Format(PyExc_TypeError, "%s() takes %u arguments (%zd given)", function->name,
                            function->argument_count, count);
    }
    bool is_null = false;
    for (Py_ssize_t index = 0; index < count; index++) {
        const struct glue_argument *argument = &function->arguments[index];
        if (!python_argument(function, argument, arguments[index], &values[index], &holds)) goto end;
        is_null = is_null || values[index].is_null;
    }
    if (is_null && (function->flags & GLUE_CALLED_ON_NULL) == 0) {
        Py_INCREF(Py_None);
        result = Py_None;
    } else {
        result = run(binding->module, function, values);
    }
end:
    python_let_go(&holds);
    return result;
}

static PyObject *make_function(PyObject *object, struct python_module *module,
                               const struct glue_function *function) {
    struct binding *binding = PyMem_Malloc(sizeof *binding);
    if (binding == NULL) return PyErr_NoMemory();
    memset(binding, 0, sizeof *binding);
    binding->definition.ml_name = function->name;
    binding->definition.ml_meth = (PyCFunction)(void (*)(void))call;
    binding->definition.ml_flags = METH_FASTCALL;
    binding->function = function;
    PyObject *capsule = PyCapsule_New(binding, capsule_name, free_binding);
    if (capsule == NULL) {
        PyMem_Free(binding);
        return NULL;
    }
    binding->module = python_retain(module);
    PyObject *name = PyObject_GetAttrString(object, "__name__");
    PyObject *result = name == NULL ? NULL : PyCFunction_NewEx(&binding->definition, capsule, name);
    Py_XDECREF(name);
    Py_DECREF(capsule);
    return result;
}

// The module ------------------------------------------------------------------------------------

static int add(PyObject *object, const char *name, PyObject *value) {
    int result = value == NULL ? -1 : PyModule_AddObjectRef(object, name, value);
    Py_XDECREF(value);
    return result;
}

static int fill(PyObject *object, struct python_module *module) {
    char name[80];
    PyOS_snprintf(name, sizeof name, "%s.Error", the_table->name);
    module->error = PyErr_NewException(name, PyExc_RuntimeError, NULL);
    if (module->error == NULL || PyModule_AddObjectRef(object, "Error", module->error) != 0) return -1;
    if (glue_prepare(&module->glue) != SMELT_OK) {
        PyErr_Format(PyExc_ImportError, "%s: %s", the_table->name, module->glue.error.message);
        return -1;
    }
    for (uint32_t index = 0; index < the_table->function_count; index++) {
        const struct glue_function *function = &the_table->functions[index];
        if (add(object, function->name, make_function(object, module, function)) != 0) return -1;
    }
    return 0;
}

static int execute(PyObject *object) {
    struct python_module *module = PyMem_Malloc(sizeof *module);
    if (module == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    memset(module, 0, sizeof *module);
    module->references = 1;
    glue_begin(&module->glue, the_table);
    module->glue.say = say;
    module->glue.interrupted = interrupted;
    module->lock = PyThread_allocate_lock();
    if (module->lock == NULL) {
        PyMem_Free(module);
        PyErr_NoMemory();
        return -1;
    }
    int result = fill(object, module);
    python_release(module);
    return result;
}

PyObject *smelt_python_init(const struct glue_table *table);

PyObject *smelt_python_init(const struct glue_table *table) {
    // Of CPython 3.12: every interpreter may have a lock of its own.
    enum { MULTIPLE_INTERPRETERS = 3, OWN_LOCK = 2 };
    static PyModuleDef_Slot slots[3];
    static PyModuleDef definition;
    if (the_table == NULL) {
        slots[0] = (PyModuleDef_Slot){Py_mod_exec, (void *)execute};
        if (Py_Version >= 0x030c0000) {
            slots[1] = (PyModuleDef_Slot){MULTIPLE_INTERPRETERS, (void *)(uintptr_t)OWN_LOCK};
        }
        PyModuleDef_Base base = PyModuleDef_HEAD_INIT;
        definition.m_base = base;
        definition.m_name = table->name;
        definition.m_slots = slots;
        the_table = table;
    }
    return PyModuleDef_Init(&definition);
}
