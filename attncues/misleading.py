from .diagrams import draw_stretched as draw_misleading  # noqa: F401
