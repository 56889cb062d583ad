#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* Not inlined, so that all three call the same code. */
__attribute__((noinline)) static double work(const double *items, Py_ssize_t count) {
    double sum = 0;
    for (Py_ssize_t i = 0; i < count; i++) {
        double x = items[i];
        for (int step = 0; step < 10; step++) {
            x = x * x - 0.5;
        }
        sum += x;
    }
    return sum;
}

static PyObject *worked(PyObject *values, int times) {
    Py_buffer view;
    if (PyObject_GetBuffer(values, &view, PyBUF_CONTIG_RO | PyBUF_FORMAT) < 0) {
        return NULL;
    }
    volatile double sum = 0;
    for (int time = 0; time < times; time++) {
        sum = work(view.buf, view.len / (Py_ssize_t)sizeof(double));
    }
    PyBuffer_Release(&view);
    return PyFloat_FromDouble(sum);
}

static PyObject *once(PyObject *self, PyObject *values) { return worked(values, 1); }
static PyObject *again(PyObject *self, PyObject *values) { return worked(values, 1); }
static PyObject *twice(PyObject *self, PyObject *values) { return worked(values, 2); }

static PyMethodDef methods[] = {
    {"once", once, METH_O, NULL},
    {"again", again, METH_O, NULL},
    {"twice", twice, METH_O, NULL},
    {NULL},
};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "worked", NULL, -1, methods};

PyMODINIT_FUNC PyInit_worked(void) { return PyModule_Create(&module); }
