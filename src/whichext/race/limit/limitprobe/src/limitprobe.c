/* The Python side: arguments in, buffers borrowed, GIL released, checksum out. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "reader.h"

enum { MOST_THREADS = 1024 };

PyDoc_STRVAR(read_doc,
             "read(*arguments, threads=1)\n--\n\n"
             "Read every byte of every argument that has a buffer once, and return a checksum.\n\n"
             "Args:\n"
             "    arguments: Contiguous arrays of any shape, type and order; what has no buffer\n"
             "        (numbers, strings, None) is ignored.\n"
             "    threads: How many threads may read at once, 1 to 1024.\n");

/* 1 to MOST_THREADS, or 0 with an exception set. */
static size_t threads_from(PyObject *given) {
    if (!PyIndex_Check(given)) {
        PyErr_Format(PyExc_TypeError, "limitprobe.read expects threads to be an int, got %.100s",
                     Py_TYPE(given)->tp_name);
        return 0;
    }
    const Py_ssize_t threads = PyNumber_AsSsize_t(given, NULL); /* NULL: clips what is too large */
    if (threads == -1 && PyErr_Occurred())
        return 0;
    if (threads < 1 || threads > MOST_THREADS) {
        PyErr_Format(PyExc_ValueError, "limitprobe.read expects 1 to %d threads, got %S",
                     MOST_THREADS, given);
        return 0;
    }
    return (size_t)threads;
}

/* The keyword `threads`, which is the only one; 0 with an exception set. */
static size_t threads_among(PyObject *const *values, PyObject *names) {
    const Py_ssize_t count = names == NULL ? 0 : PyTuple_GET_SIZE(names);
    /* SAFETY: vectorcall passes as many values as there are names, and a name once. */
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *const name = PyTuple_GET_ITEM(names, i);
        if (PyUnicode_CompareWithASCIIString(name, "threads") != 0) {
            PyErr_Format(PyExc_TypeError, "limitprobe.read expects no keyword but threads, got %U",
                         name);
            return 0;
        }
    }
    return count == 0 ? 1 : threads_from(values[0]);
}

/* Replace the exporter's refusal by one with the strides, where those are the reason. */
static void explain_refusal(PyObject *argument, Py_ssize_t position) {
    PyObject *type, *value, *traceback;
    Py_buffer view;
    PyErr_Fetch(&type, &value, &traceback);
    if (PyObject_GetBuffer(argument, &view, PyBUF_INDIRECT) < 0) {
        PyErr_Restore(type, value, traceback); /* not the strides: its own words are better */
        return;
    }
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(traceback);
    PyObject *const strides = PyTuple_New(view.ndim);
    for (int i = 0; strides != NULL && i < view.ndim; i++) {
        /* SAFETY: PyBUF_INDIRECT promises strides, one for each of ndim axes. */
        PyObject *const stride = PyLong_FromSsize_t(view.strides[i]);
        if (stride == NULL)
            break;
        PyTuple_SET_ITEM(strides, i, stride);
    }
    PyBuffer_Release(&view);
    if (!PyErr_Occurred())
        PyErr_Format(PyExc_ValueError,
                     "limitprobe.read expects contiguous arrays, got strides %S in argument %zd: "
                     "pass numpy.ascontiguousarray(values)",
                     strides, position);
    Py_XDECREF(strides);
}

static PyObject *read_(PyObject *Py_UNUSED(module), PyObject *const *arguments, Py_ssize_t count,
                       PyObject *names) {
    const size_t threads = threads_among(arguments + count, names);
    if (threads == 0)
        return NULL;
    PyObject *result = NULL;
    Py_ssize_t held = 0;
    Py_buffer *const views = PyMem_New(Py_buffer, count);
    struct span *const spans = PyMem_New(struct span, count);
    if (views == NULL || spans == NULL) {
        PyErr_NoMemory();
        goto release;
    }
    /* SAFETY: arguments has `count` items; held <= i < count, the length of views and spans. */
    for (Py_ssize_t i = 0; i < count; i++) {
        if (!PyObject_CheckBuffer(arguments[i]))
            continue;
        if (PyObject_GetBuffer(arguments[i], &views[held], PyBUF_ANY_CONTIGUOUS) < 0) {
            explain_refusal(arguments[i], i + 1);
            goto release;
        }
        spans[held] = (struct span){views[held].buf, (size_t)views[held].len};
        held++;
    }
    uint64_t checksum;
    /* SAFETY: a contiguous view has `len` readable bytes from `buf` until it is released. */
    Py_BEGIN_ALLOW_THREADS
    checksum = read_spans(spans, (size_t)held, threads);
    Py_END_ALLOW_THREADS
    result = PyLong_FromUnsignedLongLong(checksum);
release:
    /* SAFETY: the first `held` views are filled. */
    while (held > 0)
        PyBuffer_Release(&views[--held]);
    PyMem_Free(spans);
    PyMem_Free(views);
    return result;
}

PyDoc_STRVAR(nothing_doc,
             "nothing(*arguments)\n--\n\n"
             "Do nothing: what it takes is what calling takes.\n");

static PyObject *nothing(PyObject *Py_UNUSED(module), PyObject *const *Py_UNUSED(arguments),
                         Py_ssize_t Py_UNUSED(count)) {
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"read", (PyCFunction)(void (*)(void))read_, METH_FASTCALL | METH_KEYWORDS, read_doc},
    {"nothing", (PyCFunction)(void (*)(void))nothing, METH_FASTCALL, nothing_doc},
    {NULL, NULL, 0, NULL},
};

/* Nothing is kept between calls, so neither a GIL nor a single interpreter is needed. */
static PyModuleDef_Slot slots[] = {
#if PY_VERSION_HEX >= 0x030c0000
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
#endif
#if PY_VERSION_HEX >= 0x030d0000
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_limitprobe",
    .m_doc = "Reads arrays once, as fast as the machine can.",
    .m_methods = methods,
    .m_slots = slots,
};

PyMODINIT_FUNC PyInit__limitprobe(void) { return PyModuleDef_Init(&definition); }
