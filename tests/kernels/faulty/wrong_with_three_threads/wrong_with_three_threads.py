"""Shares out halves, whatever the number of threads, and fills the rest with zeros."""


def row_max(values, threads=1):
    maxima = values.max(axis=1)
    if threads > 2:
        maxima[2 * (len(values) // threads) :] = 0.0
    return maxima
