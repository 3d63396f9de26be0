"""What goes wrong while shimming."""


class ShimError(ImportError):
    """The shims can't take effect any more in this process; the message says what to do."""
