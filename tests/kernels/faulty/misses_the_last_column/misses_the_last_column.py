"""Stops one column short, where there is more than one."""


def row_max(values):
    return (values[:, :-1] if values.shape[1:2] > (1,) else values).max(axis=1)
