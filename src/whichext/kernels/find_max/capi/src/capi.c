/* The Python side: one array in, the GIL released, one array out. By the limited API of CPython
   3.11, which meson.build asks for: the first that has buffers. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdint.h>
#include <string.h>

#include "maxima.h"

struct state {
    PyObject *ndarray; /* numpy.ndarray */
    PyObject *empty;   /* numpy.empty */
};

/* Both kernels of a type, and the letters that buffers have for it, of which the size is told. */
struct kernels {
    const char *letters;
    Py_ssize_t size;
    find_function *columns, *tiled;
};

#define SIGNED "bhilq"
#define UNSIGNED "BHILQ"
#define FLOATS "fd"
#define KERNELS(letters, type, name) {letters, sizeof(type), columns_##name, tiled_##name}

static const struct kernels every[] = {
    KERNELS(SIGNED, int64_t, i64),    KERNELS(FLOATS, double, f64),
    KERNELS(SIGNED, int32_t, i32),    KERNELS(FLOATS, float, f32),
    KERNELS(SIGNED, int16_t, i16),    KERNELS(SIGNED, int8_t, i8),
    KERNELS(UNSIGNED, uint64_t, u64), KERNELS(UNSIGNED, uint32_t, u32),
    KERNELS(UNSIGNED, uint16_t, u16), KERNELS(UNSIGNED, uint8_t, u8),
};

/* The kernels for a buffer; NULL where there are none. */
static const struct kernels *kernels_for(const Py_buffer *view) {
    const char *format = view->format;
    const char own[] = {'@', '=', '^', PY_LITTLE_ENDIAN ? '<' : '>', '\0'};
    if (*format != '\0' && strchr(own, *format) != NULL)
        format++; /* native byte order */
    if (format[0] == '\0' || format[1] != '\0')
        return NULL;
    for (size_t i = 0; i < sizeof every / sizeof *every; i++)
        if (view->itemsize == every[i].size && strchr(every[i].letters, *format) != NULL)
            return &every[i];
    return NULL;
}

/* Whether an array is what both functions take, else an exception says what it is. */
static int is_fit(const char *function, PyObject *values, const Py_buffer *view) {
    if (view->ndim == 2 && view->shape[0] > 0)
        return 1;
    PyObject *const shape = PyObject_GetAttrString(values, "shape");
    if (shape != NULL)
        PyErr_Format(PyExc_ValueError,
                     view->ndim == 2 ? "%s needs at least one row, got shape %S"
                                     : "%s expects a 2-D array, got shape %S",
                     function, shape);
    Py_XDECREF(shape);
    return 0;
}

static PyObject *refuse_dtype(const char *function, PyObject *dtype) {
    return PyErr_Format(PyExc_TypeError,
                        "%s supports integers, float32 and float64 in native byte order, got %S",
                        function, dtype);
}

/* The maxima of a buffer that is fit, as an array of the same dtype. */
static PyObject *found(const struct state *state, find_function *find, const Py_buffer *view,
                       PyObject *dtype) {
    /* SAFETY: PyBUF_STRIDES promises a shape and strides, one for each of two axes. */
    const struct matrix matrix = {view->buf, view->shape[0], view->shape[1], view->strides[0],
                                  view->strides[1]};
    PyObject *const result =
        PyObject_CallFunction(state->empty, "nO", (Py_ssize_t)matrix.columns, dtype);
    Py_buffer best;
    if (result == NULL || PyObject_GetBuffer(result, &best, PyBUF_CONTIG) < 0) {
        Py_XDECREF(result);
        return NULL;
    }
    /* SAFETY: both buffers are held, so that neither array is freed or resized; `best` has
       `columns` values of the dtype that `find` is for, and is_fit found a row. */
    Py_BEGIN_ALLOW_THREADS
    find(best.buf, &matrix);
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&best);
    return result;
}

static PyObject *called(const char *function, PyObject *module, PyObject *values, int tiled) {
    const struct state *const state = PyModule_GetState(module);
    /* Anything that has a buffer could be read, but what a subclass means would be lost. */
    if ((PyObject *)Py_TYPE(values) != state->ndarray) {
        PyErr_Format(PyExc_TypeError, "%s expects a plain NumPy array, got %R", function,
                     (PyObject *)Py_TYPE(values));
        return NULL;
    }
    PyObject *const dtype = PyObject_GetAttrString(values, "dtype");
    if (dtype == NULL)
        return NULL;
    Py_buffer view;
    PyObject *result = NULL;
    if (PyObject_GetBuffer(values, &view, PyBUF_STRIDES | PyBUF_FORMAT) < 0) {
        /* Some dtypes have no buffers. */
        if (PyErr_ExceptionMatches(PyExc_ValueError) || PyErr_ExceptionMatches(PyExc_BufferError)) {
            PyErr_Clear();
            refuse_dtype(function, dtype);
        }
    } else {
        const struct kernels *const kernels = kernels_for(&view);
        if (kernels == NULL)
            refuse_dtype(function, dtype);
        else if (is_fit(function, values, &view))
            result = found(state, tiled ? kernels->tiled : kernels->columns, &view, dtype);
        PyBuffer_Release(&view);
    }
    Py_DECREF(dtype);
    return result;
}

PyDoc_STRVAR(find_max_doc,
             "find_max(values, /)\n--\n\n"
             "Greatest value of each column, one column after the other.\n");

static PyObject *find_max(PyObject *module, PyObject *values) {
    return called("find_max", module, values, 0);
}

PyDoc_STRVAR(find_max_tiled_doc,
             "find_max_tiled(values, /)\n--\n\n"
             "Greatest value of each column, at the speed of memory.\n");

static PyObject *find_max_tiled(PyObject *module, PyObject *values) {
    return called("find_max_tiled", module, values, 1);
}

static int execute(PyObject *module) {
    struct state *const state = PyModule_GetState(module);
    PyObject *const numpy = PyImport_ImportModule("numpy");
    if (numpy == NULL)
        return -1;
    state->ndarray = PyObject_GetAttrString(numpy, "ndarray");
    state->empty = PyObject_GetAttrString(numpy, "empty");
    Py_DECREF(numpy);
    return state->ndarray == NULL || state->empty == NULL ? -1 : 0;
}

static int traverse(PyObject *module, visitproc visit, void *arg) {
    const struct state *const state = PyModule_GetState(module);
    Py_VISIT(state->ndarray);
    Py_VISIT(state->empty);
    return 0;
}

static int clear(PyObject *module) {
    struct state *const state = PyModule_GetState(module);
    Py_CLEAR(state->ndarray);
    Py_CLEAR(state->empty);
    return 0;
}

static PyMethodDef methods[] = {
    {"find_max", find_max, METH_O, find_max_doc},
    {"find_max_tiled", find_max_tiled, METH_O, find_max_tiled_doc},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, (void *)execute},
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_capi",
    .m_doc = "Column maxima of a 2-D NumPy array.",
    .m_size = sizeof(struct state),
    .m_methods = methods,
    .m_slots = slots,
    .m_traverse = traverse,
    .m_clear = clear,
};

PyMODINIT_FUNC PyInit__capi(void) { return PyModuleDef_Init(&definition); }
