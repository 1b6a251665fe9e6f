from .diagrams import *  # noqa: F403
from .diagrams.query_keys_values import *  # noqa: F403
