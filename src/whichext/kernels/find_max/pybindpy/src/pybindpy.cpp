// The Python side: one array in, the GIL released, one array out.
#include <string>
#include <type_traits>

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include "maxima.hpp"

namespace py = pybind11;

namespace {

struct Columns {
    static constexpr const char *name = "find_max";

    template <typename T>
    static constexpr bool supports = std::is_same_v<T, std::int64_t> || std::is_same_v<T, double>;
    static constexpr const char *supported = "int64 and float64";

    // One column after the other, through pybind11's own view.
    template <typename T>
    static void find(T *best, const py::array_t<T, 0> &array) {
        const auto values = array.template unchecked<2>();
        // SAFETY: a view checks no index; each is below a length of its shape, and row 0 is there.
        for (py::ssize_t column = 0; column < values.shape(1); column++) {
            T found = values(0, column);
            for (py::ssize_t row = 1; row < values.shape(0); row++) {
                found = maxima::greater(found, values(row, column));
            }
            best[column] = found;
        }
    }
};

struct Tiled {
    static constexpr const char *name = "find_max_tiled";

    template <typename T>
    static constexpr bool supports = true;
    static constexpr const char *supported = "integers, float32 and float64";

    template <typename T>
    static void find(T *best, const py::array_t<T, 0> &array) {
        // SAFETY: shape and strides are those of the array, which the caller holds; `found` made
        // sure that the strides are whole values.
        const auto size = static_cast<py::ssize_t>(sizeof(T));
        const maxima::Matrix<T> matrix{array.data(), array.shape(0), array.shape(1),
                                       array.strides(0) / size, array.strides(1) / size};
        maxima::find(best, matrix);
    }
};

[[noreturn]] void refuse(const char *text, const char *name, const py::array &array,
                         const char *attribute) {
    throw py::value_error(py::str(text).format(name, array.attr(attribute)));
}

template <typename Walk, typename T>
py::array found(const py::array_t<T, 0> &array) {
    const auto size = static_cast<py::ssize_t>(sizeof(T));
    const auto place = reinterpret_cast<std::uintptr_t>(array.data());
    if (place % alignof(T) != 0 || array.strides(0) % size != 0 || array.strides(1) % size != 0) {
        refuse("{} expects aligned values, got strides {}: pass values.copy()", Walk::name, array,
               "strides");
    }
    py::array_t<T> maxima(array.shape(1));
    // SAFETY: `maxima` is as long as there are columns, and every walk writes each of them.
    T *const best = maxima.mutable_data();
    {
        py::gil_scoped_release released;
        Walk::template find<T>(best, array);
    }
    return maxima;
}

// The answer, if the array is of the first type or of one of the others.
template <typename Walk, typename T, typename... Others>
py::array dispatched(const py::array &values) {
    if constexpr (Walk::template supports<T>) {
        if (py::isinstance<py::array_t<T, 0>>(values)) {
            return found<Walk, T>(py::reinterpret_borrow<py::array_t<T, 0>>(values));
        }
    }
    if constexpr (sizeof...(Others) > 0) {
        return dispatched<Walk, Others...>(values);
    }
    throw py::type_error(py::str("{} supports {} in native byte order, got {}")
                             .format(Walk::name, Walk::supported, values.dtype()));
}

py::handle plain_array;  // numpy.ndarray, which is never let go

template <typename Walk>
py::array find_max(const py::array &values) {
    // What a subclass means would be lost.
    if (!py::type::of(values).is(plain_array)) {
        throw py::type_error(py::str("{} expects a plain NumPy array, got the subclass {}")
                                 .format(Walk::name, py::type::of(values).attr("__name__")));
    }
    if (values.ndim() != 2) {
        refuse("{} expects a 2-D array, got shape {}", Walk::name, values, "shape");
    }
    if (values.shape(0) == 0) {
        refuse("{} needs at least one row, got shape {}", Walk::name, values, "shape");
    }
    return dispatched<Walk, std::int64_t, double, std::int32_t, float, std::int8_t, std::int16_t,
                      std::uint8_t, std::uint16_t, std::uint32_t, std::uint64_t>(values);
}

}  // namespace

PYBIND11_MODULE(_pybindpy, module, py::mod_gil_not_used()) {
    plain_array = py::object(py::module_::import("numpy").attr("ndarray")).release();
    // noconvert: a list is refused, since nobody would see what its conversion costs.
    module.def("find_max", &find_max<Columns>, py::arg("values").noconvert(),
               "Greatest value of each column, one column after the other.");
    module.def("find_max_tiled", &find_max<Tiled>, py::arg("values").noconvert(),
               "Greatest value of each column, at the speed of memory.");
}
