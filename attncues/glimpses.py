from .diagrams import *  # noqa: F403
from .diagrams.looking import *  # noqa: F403
