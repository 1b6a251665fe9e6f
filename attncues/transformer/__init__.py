"""Real Transformers in few lines, each attention of which is this package's own.

`LanguageModel` is SmolLM2, and `PortugueseTranslator` a translator for browsers; their files
come with `python -m attncues weights`.
"""

from .heads import (
    Heads,
    first_token,
    flatten,
    induction,
    loss,
    moved,
    on_places,
    permute,
    previous_token,
    repeat_random,
    silence,
    weights_and_norms,
)
from .language import Change, LanguageModel, Run
from .translator import Encode, PortugueseTranslator, Translation

__all__ = [
    "Change",
    "Encode",
    "Heads",
    "LanguageModel",
    "PortugueseTranslator",
    "Run",
    "Translation",
    "first_token",
    "flatten",
    "induction",
    "loss",
    "moved",
    "on_places",
    "permute",
    "previous_token",
    "repeat_random",
    "silence",
    "weights_and_norms",
]
