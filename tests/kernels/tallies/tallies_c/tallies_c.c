/* A class that keeps the last values, and finds the greatest of them. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <structmember.h>

#define MOST 64

typedef struct {
    PyObject_HEAD
    Py_ssize_t size, count;
    double last[MOST];
} Greatest;

static int greatest_init(PyObject *self, PyObject *arguments, PyObject *named) {
    static char *names[] = {"size", NULL};
    Greatest *own = (Greatest *)self;
    own->count = 0;
    if (!PyArg_ParseTupleAndKeywords(arguments, named, "n", names, &own->size)) return -1;
    if (own->size < 1 || own->size > MOST) {
        PyErr_SetString(PyExc_ValueError, "expected a size from 1 to 64");
        return -1;
    }
    return 0;
}

static PyObject *greatest_push(PyObject *self, PyObject *given) {
    Greatest *own = (Greatest *)self;
    double value = PyFloat_AsDouble(given), greatest = value;
    if (value == -1.0 && PyErr_Occurred()) return NULL;
    own->last[own->count++ % own->size] = value;
    Py_ssize_t kept = own->count < own->size ? own->count : own->size;
    for (Py_ssize_t i = 0; i < kept; i++)
        if (own->last[i] > greatest) greatest = own->last[i];
    return PyFloat_FromDouble(greatest);
}

static PyMethodDef methods[] = {{"push", greatest_push, METH_O, NULL}, {NULL}};
static PyMemberDef members[] = {
    {"count", T_PYSSIZET, offsetof(Greatest, count), READONLY, NULL}, {NULL}};
static PyType_Slot slots[] = {
    {Py_tp_init, greatest_init},
    {Py_tp_methods, methods},
    {Py_tp_members, members},
    {0, NULL}};
static PyType_Spec specification = {
    .name = "tallies_c.Greatest",
    .basicsize = sizeof(Greatest),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = slots};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "tallies_c", .m_size = -1};
PyMODINIT_FUNC PyInit_tallies_c(void) {
    PyObject *module = PyModule_Create(&definition);
    if (module == NULL) return NULL;
    PyObject *type = PyType_FromSpec(&specification);
    if (type == NULL || PyModule_AddObjectRef(module, "Greatest", type) < 0) {
        Py_XDECREF(type);
        Py_DECREF(module);
        return NULL;
    }
    Py_DECREF(type);
    return module;
}
