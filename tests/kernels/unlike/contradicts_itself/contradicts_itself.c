#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <string.h>

static PyObject *above_zero(PyObject *module, PyObject *values) {
    Py_buffer view;
    if (PyObject_GetBuffer(values, &view, PyBUF_ND | PyBUF_FORMAT) < 0) return NULL;
    if (view.ndim != 1 || strcmp(view.format, "d") != 0) {
        PyBuffer_Release(&view);
        PyErr_SetString(PyExc_TypeError, "expected one dimension of float64");
        return NULL;
    }
    const double *first = view.buf;
    Py_ssize_t found = 0;
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t i = 0; i < view.shape[0]; i++) found += first[i] > 0;
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&view);
    return PyLong_FromSsize_t(found);
}

static PyMethodDef methods[] = {{"above_zero", above_zero, METH_O, NULL}, {NULL}};
static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "contradicts_itself", .m_size = -1, .m_methods = methods};
PyMODINIT_FUNC PyInit_contradicts_itself(void) { return PyModule_Create(&definition); }
