#include <stddef.h>

double add_up(const double *values, ptrdiff_t n) {
    double sum = 0;
    for (ptrdiff_t i = 0; i < n; i++) sum += values[i];
    return sum;
}
