// Objects of Python as values of the guest, and back.
//
// Texts, bytes and arrays that objects show as buffers go straight into the guest's memory: they are copied
// once, and by nobody else.
#include "extension.h"

#include <string.h>

void python_let_go(struct python_holds *holds) {
    while (holds->buffer_count > 0) PyBuffer_Release(&holds->buffers[--holds->buffer_count]);
    while (holds->array_count > 0) PyMem_Free(holds->arrays[--holds->array_count]);
}

static bool wrong(const struct glue_function *function, const struct glue_argument *argument,
                  const char *expected) {
    if (PyErr_Occurred() != NULL && !PyErr_ExceptionMatches(PyExc_TypeError) &&
        !PyErr_ExceptionMatches(PyExc_OverflowError) && !PyErr_ExceptionMatches(PyExc_BufferError)) {
        return false;
    }
    PyErr_Clear();
    PyErr_Format(PyExc_TypeError, "%s(): the argument %s has to be %s", function->name,
                 argument->name, expected);
    return false;
}

static bool read_number(PyObject *object, uint32_t element, uint64_t *bits) {
    double number;
    float single;
    long long integer;
    int is_true;
    switch (element) {
    case GLUE_REAL:
        number = PyFloat_AsDouble(object);
        single = (float)number;
        *bits = 0;
        memcpy(bits, &single, sizeof single);
        return number != -1 || PyErr_Occurred() == NULL;
    case GLUE_FLOAT:
        number = PyFloat_AsDouble(object);
        memcpy(bits, &number, sizeof number);
        return number != -1 || PyErr_Occurred() == NULL;
    case GLUE_BOOLEAN:
        is_true = PyObject_IsTrue(object);
        *bits = is_true > 0;
        return is_true >= 0;
    default:
        integer = PyLong_AsLongLong(object);
        *bits = (uint64_t)integer;
        if (integer == -1 && PyErr_Occurred() != NULL) return false;
        return element == GLUE_BIGINT || (integer >= INT32_MIN && integer <= INT32_MAX);
    }
}

static const char *name_of(uint32_t element) {
    switch (element) {
    case GLUE_INTEGER: return "an integer of 32 bits";
    case GLUE_BIGINT: return "an integer of 64 bits";
    case GLUE_BOOLEAN: return "something that is true or false";
    default: return "a number";
    }
}

static bool read_text(PyObject *object, struct glue_value *value) {
    Py_ssize_t length;
    if (!PyUnicode_Check(object)) return false;
    value->bytes = (const uint8_t *)PyUnicode_AsUTF8AndSize(object, &length);
    value->length = (uint64_t)length;
    return value->bytes != NULL;
}

// Whether a buffer has elements as the guest has them.
static bool fits(const Py_buffer *buffer, uint32_t element) {
    const char *format = buffer->format == NULL ? "B" : buffer->format;
    if (*format == '@' || *format == '=' || *format == '<') format++;
    if (format[0] == 0 || format[1] != 0) return false;
    if (buffer->itemsize != (Py_ssize_t)glue_element_size(element)) return false;
    switch (element) {
    case GLUE_INTEGER:
    case GLUE_BIGINT: return strchr("ilq", format[0]) != NULL;
    case GLUE_REAL: return format[0] == 'f';
    case GLUE_FLOAT: return format[0] == 'd';
    case GLUE_BOOLEAN: return format[0] == '?';
    default: return true;
    }
}

static bool read_buffer(PyObject *object, struct glue_value *value, bool is_array,
                        struct python_holds *holds) {
    Py_buffer *buffer = &holds->buffers[holds->buffer_count];
    int flags = is_array ? PyBUF_ND | PyBUF_FORMAT : PyBUF_SIMPLE;
    if (PyObject_GetBuffer(object, buffer, flags) != 0) return false;
    if (is_array && (buffer->ndim != 1 || !fits(buffer, value->element))) {
        PyBuffer_Release(buffer);
        return false;
    }
    holds->buffer_count++;
    value->bytes = buffer->buf;
    value->length = (uint64_t)buffer->len / (is_array ? (uint64_t)buffer->itemsize : 1);
    return true;
}

static bool read_sequence(PyObject *object, struct glue_value *value, struct python_holds *holds) {
    Py_ssize_t count = PySequence_Size(object);
    uint32_t size = glue_element_size(value->element);
    if (count < 0 || count > INT32_MAX) return false;
    uint8_t *array = PyMem_Malloc((size_t)count * size + 1);
    if (array == NULL) {
        PyErr_NoMemory();
        return false;
    }
    holds->arrays[holds->array_count++] = array;
    for (Py_ssize_t index = 0; index < count; index++) {
        PyObject *item = PySequence_GetItem(object, index);
        uint64_t bits = 0;
        bool is_read = item != NULL && read_number(item, value->element, &bits);
        Py_XDECREF(item);
        if (!is_read) return false;
        memcpy(array + index * (Py_ssize_t)size, &bits, size);
    }
    value->bytes = array;
    value->length = (uint64_t)count;
    return true;
}

bool python_argument(const struct glue_function *function, const struct glue_argument *argument,
                     PyObject *object, struct glue_value *value, struct python_holds *holds) {
    value->element = argument->element;
    value->is_null = object == Py_None;
    if (value->is_null) return true;
    if (argument->is_array != 0) {
        if (read_buffer(object, value, true, holds)) return true;
        PyErr_Clear();
        if (PySequence_Check(object) && read_sequence(object, value, holds)) return true;
        return wrong(function, argument, "a sequence, or a buffer with elements of its type");
    }
    switch (argument->element) {
    case GLUE_TEXT: return read_text(object, value) || wrong(function, argument, "a str");
    case GLUE_BYTES:
        return read_buffer(object, value, false, holds) || wrong(function, argument, "bytes or a buffer");
    default:
        return read_number(object, argument->element, &value->bits) ||
               wrong(function, argument, name_of(argument->element));
    }
}

// Results ---------------------------------------------------------------------------------------

// A view of a copy, whose elements have the right type.
static PyObject *make_array(const struct glue_value *value) {
    static const char *const formats[] = {"", "i", "q", "f", "d", "?"};
    uint64_t size = value->length * glue_element_size(value->element);
    PyObject *bytes = PyBytes_FromStringAndSize((const char *)value->bytes, (Py_ssize_t)size);
    PyObject *view = bytes == NULL ? NULL : PyMemoryView_FromObject(bytes);
    Py_XDECREF(bytes);
    if (view == NULL) return NULL;
    PyObject *result = PyObject_CallMethod(view, "cast", "s", formats[value->element]);
    Py_DECREF(view);
    return result;
}

PyObject *python_result(const struct glue_value *value, bool is_array) {
    double number;
    float single;
    if (value->is_null) {
        Py_INCREF(Py_None);
        return Py_None;
    }
    if (is_array) return make_array(value);
    switch (value->element) {
    case GLUE_INTEGER:
    case GLUE_BIGINT: return PyLong_FromLongLong((long long)value->bits);
    case GLUE_BOOLEAN: return PyBool_FromLong((uint32_t)value->bits != 0);
    case GLUE_REAL:
        memcpy(&single, &value->bits, sizeof single);
        return PyFloat_FromDouble((double)single);
    case GLUE_FLOAT:
        memcpy(&number, &value->bits, sizeof number);
        return PyFloat_FromDouble(number);
    case GLUE_TEXT:
        return PyUnicode_DecodeUTF8((const char *)value->bytes, (Py_ssize_t)value->length, NULL);
    default: return PyBytes_FromStringAndSize((const char *)value->bytes, (Py_ssize_t)value->length);
    }
}
