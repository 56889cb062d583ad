"""Detectors of drift, by the test of Page and Hinkley."""


class PageHinkley:
    """Says when the mean of a stream has grown."""

    def __init__(self, threshold):
        self.threshold, self.count, self.mean, self.total, self.least = threshold, 0, 0.0, 0.0, 0.0

    def update(self, value):
        """Whether the mean has grown; then it begins anew."""
        self.count += 1
        self.mean += (value - self.mean) / self.count
        self.total += value - self.mean - 0.005
        self.least = min(self.least, self.total)
        drifted = self.total - self.least > self.threshold
        if drifted:
            self.__init__(self.threshold)
        return drifted


class Local(PageHinkley):
    """The same, with local names."""

    def update(self, value):
        """Whether the mean has grown; then it begins anew."""
        count = self.count = self.count + 1
        mean = self.mean = self.mean + (value - self.mean) / count
        total = self.total = self.total + (value - mean - 0.005)
        if total < self.least:
            self.least = total
        if total - self.least <= self.threshold:
            return False
        self.__init__(self.threshold)
        return True


class Deaf(PageHinkley):
    """Wrong on purpose: finds drift, and goes on as if there were none."""

    def update(self, value):
        """Whether the mean has grown."""
        before = vars(self).copy()
        found = super().update(value)
        if found:
            vars(self).update(before)
        return found
