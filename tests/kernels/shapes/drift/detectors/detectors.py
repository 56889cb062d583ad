"""Detectors of drift."""


class Right:
    """Says when the mean of a stream has grown."""

    __slots__ = ("count", "least", "mean", "threshold", "total")

    def __init__(self, threshold):
        self.threshold, self.count, self.mean, self.total, self.least = threshold, 0, 0.0, 0.0, 0.0

    def update(self, value):
        """Whether the mean has grown; then it begins anew."""
        count = self.count = self.count + 1
        mean = self.mean = self.mean + (value - self.mean) / count
        total = self.total = self.total + (value - mean - 0.005)
        if total < self.least:
            self.least = total
        if total - self.least <= self.threshold:
            return False
        self.count, self.mean, self.total, self.least = 0, 0.0, 0.0, 0.0
        return True


class Wrong(Right):
    """Goes on as if nothing had happened after it has found drift."""

    def update(self, value):
        """Whether the mean has grown; the mean of all that there was so far."""
        count, mean = self.count, self.mean
        found = super().update(value)
        if found:
            self.count, self.mean = count + 1, mean + (value - mean) / (count + 1)
        return found


class Shared(Right):
    """Keeps its total where all objects have it."""

    totals = [0.0]

    @property
    def total(self):
        """What values were beyond their mean."""
        return self.totals[0]

    @total.setter
    def total(self, value):
        self.totals[0] = value

    def __init__(self, threshold):
        self.threshold, self.count, self.mean, self.least = threshold, 0, 0.0, 0.0
