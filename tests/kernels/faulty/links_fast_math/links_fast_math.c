/* Linked with -ffast-math: some compilers then flush subnormals in the whole process. */
#include <Python.h>

static PyObject *row_max(PyObject *module, PyObject *values) {
    PyObject *name = PyUnicode_FromString("max"), *axis = PyLong_FromLong(1);
    PyObject *maxima = name && axis ? PyObject_CallMethodOneArg(values, name, axis) : NULL;
    Py_XDECREF(name);
    Py_XDECREF(axis);
    return maxima;
}

static PyMethodDef methods[] = {{"row_max", row_max, METH_O, NULL}, {NULL}};
static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "links_fast_math", .m_size = -1, .m_methods = methods};
PyMODINIT_FUNC PyInit_links_fast_math(void) { return PyModule_Create(&definition); }
