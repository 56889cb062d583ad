"""Detectors of drift by cumulative sums (E. S. Page, Continuous Inspection Schemes, 1954)."""


class Cusum:
    """Says when values have been above a level for long."""

    def __init__(self, threshold, level=0.5):
        self.threshold, self.level, self.total = threshold, level, 0.0

    def update(self, value):
        """Whether the values have risen; then it begins anew."""
        self.total = max(0.0, self.total + (value - self.level))
        risen = self.total > self.threshold
        if risen:
            self.total = 0.0
        return risen


class Branching(Cusum):
    """The same without a call of max."""

    def update(self, value):
        """Whether the values have risen; then it begins anew."""
        total = self.total + (value - self.level)
        risen = total > self.threshold
        self.total = 0.0 if risen or total < 0 else total
        return risen


class Deaf(Cusum):
    """Wrong on purpose: finds that they have risen, and goes on as if they had not."""

    def update(self, value):
        """Whether the values have risen."""
        before = self.total
        risen = super().update(value)
        if risen:
            self.total = before
        return risen
