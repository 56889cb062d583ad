#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

double total(pybind11::array_t<double, 0> values) {
    if (values.ndim() != 1) {
        throw pybind11::type_error("expected one axis");
    }
    auto items = values.unchecked<1>();
    double sum = 0;
    for (pybind11::ssize_t i = 0; i < items.shape(0); i++) {
        sum += items(i);
    }
    return sum;
}

PYBIND11_MODULE(scikit_pybind11, module) { module.def("total", &total, pybind11::arg("x").noconvert()); }
