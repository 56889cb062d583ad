#define PY_SSIZE_T_CLEAN
#include <Python.h>

static PyObject *total(PyObject *self, PyObject *values) {
    Py_buffer view;
    if (PyObject_GetBuffer(values, &view, PyBUF_CONTIG_RO | PyBUF_FORMAT) < 0) {
        return NULL;
    }
    const double *items = view.buf;
    double sum = 0;
    for (Py_ssize_t i = 0; i < view.len / (Py_ssize_t)sizeof(double); i++) {
        sum += items[i];
    }
    PyBuffer_Release(&view);
    return PyFloat_FromDouble(sum);
}

static PyMethodDef methods[] = {{"total", total, METH_O, NULL}, {NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "setuptools_c", NULL, -1, methods};

PyMODINIT_FUNC PyInit_setuptools_c(void) { return PyModule_Create(&module); }
