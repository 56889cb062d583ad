function add_up(values, n) result(total) bind(c)
  use iso_c_binding, only: c_double, c_size_t
  implicit none
  integer(c_size_t), value :: n
  real(c_double), intent(in) :: values(n)
  real(c_double) :: total
  total = sum(values)
end function
