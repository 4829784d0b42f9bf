"""Event that ends the pause of this process's runner early."""

import threading

_event = threading.Event()


def wake() -> None:
    """Start the next round of this process's runner at once; other processes wait as usual."""
    _event.set()


def is_set() -> bool:
    """Return whether a wake-up is pending."""
    return _event.is_set()


def wait(seconds: float) -> None:
    """Wait until `wake` is called, at most for `seconds`."""
    _event.wait(seconds)
    _event.clear()
