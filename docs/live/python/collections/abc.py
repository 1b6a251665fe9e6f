"""What the package asks of the standard library: a name for what can be called."""

from typing import Callable  # noqa: F401
