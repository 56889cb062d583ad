"""Smooths readings."""


class Right:
    """Halves what it adds up."""

    def __init__(self):
        self.level = 0.0

    def feed(self, value):
        """The level with a value more."""
        level = self.level = (self.level + value) * 0.5
        return level


class Wrong(Right):
    """Takes what is below 0 for 0."""

    def feed(self, value):
        """The level with a value more, or with none."""
        return super().feed(max(value, 0))
