// The Python side: one array in, the GIL released, one array out.
#include <memory>
#include <type_traits>

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include "maxima.hpp"

namespace nb = nanobind;

namespace {

using Array = nb::ndarray<nb::ro, nb::ndim<2>, nb::device::cpu>;

struct Columns {
    static constexpr const char *name = "find_max";

    template <typename T>
    static constexpr bool supports = std::is_same_v<T, std::int64_t> || std::is_same_v<T, double>;
    static constexpr const char *supported = "int64 and float64";

    // One column after the other, through nanobind's own view.
    template <typename T>
    static void find(T *best, const Array &array) {
        const auto values = array.view<const T, nb::ndim<2>>();
        // SAFETY: a view checks no index; each is below a length of its shape, and row 0 is there.
        for (std::size_t column = 0; column < values.shape(1); column++) {
            T found = values(0, column);
            for (std::size_t row = 1; row < values.shape(0); row++) {
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
    static void find(T *best, const Array &array) {
        // SAFETY: shape and strides are those of the array, which `array` keeps; its dtype is T.
        const maxima::Matrix<T> matrix{static_cast<const T *>(array.data()),
                                       static_cast<std::ptrdiff_t>(array.shape(0)),
                                       static_cast<std::ptrdiff_t>(array.shape(1)),
                                       array.stride(0), array.stride(1)};
        maxima::find(best, matrix);
    }
};

template <typename Walk, typename T>
nb::object found(const Array &array) {
    // SAFETY: `best` is as long as there are columns, and every walk writes each of them.
    std::unique_ptr<T[]> best(new T[array.shape(1)]);
    {
        nb::gil_scoped_release released;
        Walk::template find<T>(best.get(), array);
    }
    T *const data = best.get();
    const nb::capsule owner(data, [](void *memory) noexcept { delete[] static_cast<T *>(memory); });
    best.release();
    return nb::cast(nb::ndarray<nb::numpy, T, nb::ndim<1>>(data, {array.shape(1)}, owner));
}

// The answer, if the array is of the first type or of one of the others.
template <typename Walk, typename T, typename... Others>
nb::object dispatched(nb::handle values, const Array &array) {
    if constexpr (Walk::template supports<T>) {
        if (array.dtype() == nb::dtype<T>()) {
            if (reinterpret_cast<std::uintptr_t>(array.data()) % alignof(T) != 0) {
                throw nb::value_error(nb::str("{} expects aligned values: pass values.copy()")
                                          .format(Walk::name)
                                          .c_str());
            }
            return found<Walk, T>(array);
        }
    }
    if constexpr (sizeof...(Others) > 0) {
        return dispatched<Walk, Others...>(values, array);
    }
    throw nb::type_error(nb::str("{} supports {} in native byte order, got {}")
                             .format(Walk::name, Walk::supported, values.attr("dtype"))
                             .c_str());
}

nb::handle plain_array;  // numpy.ndarray, which is never let go

template <typename Walk>
nb::object find_max(nb::handle values) {
    // Anything that has a buffer could be read, but what a subclass means would be lost.
    if (!values.type().is(plain_array)) {
        throw nb::type_error(nb::str("{} expects a plain NumPy array, got {}")
                                 .format(Walk::name, nb::inst_name(values))
                                 .c_str());
    }
    Array array;
    if (!nb::try_cast(values, array, false)) {
        throw nb::type_error(
            nb::str("{} expects a 2-D array of numbers in native byte order whose strides are "
                    "multiples of its item size, got {}-D, {}, strides {}")
                .format(Walk::name, values.attr("ndim"), values.attr("dtype"),
                        values.attr("strides"))
                .c_str());
    }
    if (array.shape(0) == 0) {
        throw nb::value_error(nb::str("{} needs at least one row, got shape {}")
                                  .format(Walk::name, values.attr("shape"))
                                  .c_str());
    }
    return dispatched<Walk, std::int64_t, double, std::int32_t, float, std::int8_t, std::int16_t,
                      std::uint8_t, std::uint16_t, std::uint32_t, std::uint64_t>(values, array);
}

}  // namespace

NB_MODULE(_nanobindpy, module) {
    plain_array = nb::object(nb::module_::import_("numpy").attr("ndarray")).release();
    module.def("find_max", &find_max<Columns>, nb::arg("values"),
               "Greatest value of each column, one column after the other.");
    module.def("find_max_tiled", &find_max<Tiled>, nb::arg("values"),
               "Greatest value of each column, at the speed of memory.");
}
