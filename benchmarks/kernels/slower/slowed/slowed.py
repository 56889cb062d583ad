"""The reference's work, and a known share more."""


def by_0_percent(values):
    return values[:1_000].max(axis=0)


def by_0_percent_again(values):
    return values[:1_000].max(axis=0)


def by_3_percent(values):
    return values[:1_030].max(axis=0)


def by_10_percent(values):
    return values[:1_100].max(axis=0)
