from .diagrams import *  # noqa: F403
from .diagrams.plane import *  # noqa: F403
