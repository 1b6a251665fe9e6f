"""Real Transformers in few lines, each attention of which is this package's own.

`LanguageModel` is SmolLM2; its file comes with `python -m attncues weights`.
"""

from .language import Change, LanguageModel, Run

__all__ = ["Change", "LanguageModel", "Run"]
