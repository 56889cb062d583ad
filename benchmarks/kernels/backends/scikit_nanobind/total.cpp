#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

using Values = nanobind::ndarray<const double, nanobind::ndim<1>, nanobind::device::cpu>;

double total(Values values) {
    auto items = values.view();
    double sum = 0;
    for (size_t i = 0; i < items.shape(0); i++) {
        sum += items(i);
    }
    return sum;
}

NB_MODULE(scikit_nanobind, module) { module.def("total", &total, nanobind::arg("x").noconvert()); }
