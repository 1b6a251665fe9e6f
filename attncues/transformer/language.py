"""SmolLM2, a language model of 135 million parameters, over this package's attention pooling.

The model is a Transformer as most are today (Allal et al. 2025, after Touvron et al. 2023): each
layer lets tokens attend to themselves and to earlier ones, then works on each token by itself.
Shapes are told in letters: n tokens, L layers of H heads, d numbers in a query, and states of
some width. Here L is 30, H is 9, d is 64, the width is 576, and the vocabulary has 49152 tokens.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import torch
from torch import Tensor
from torch.nn import functional

from ..pooling import attention_pooling
from ..threads import one_thread
from ..weights import find
from .gguf import GGUF
from .needed import need_tokenizers

if TYPE_CHECKING:
    from tokenizers import Tokenizer

FILE = "smollm2-135m-instruct.gguf"

LOST = "\ufffd"
"""What stands where bytes are no whole sign."""
_VISIBLE = (*range(33, 127), *range(161, 173), *range(174, 256))
BYTES = {chr(byte): byte for byte in _VISIBLE} | {
    chr(256 + number): byte for number, byte in enumerate(sorted({*range(256)} - {*_VISIBLE}))
}
"""The byte for which each letter of a token stands in byte-level BPE."""

Change: TypeAlias = Callable[[int, Tensor], Tensor]
"""Maps the number of a layer, from zero, and its weights (..., H, n, n) to those to be used."""


@dataclass(frozen=True)
class Run:
    """What the model made of n tokens, with L layers of H heads.

    Attributes:
        logits: Shape (..., n, vocabulary), of the token that comes after each; softmax makes
            probabilities of them.
        weights: Shape (..., L, H, n, n), the attention weights that were used: a row for each
            query, a column for each key.
        queries: Shape (..., L, H, n, d), after they were turned by their positions.
        keys: Shape (..., L, H, n, d), turned as well; three heads in a row share them.
        values: Shape (..., L, H, n, d); three heads in a row share them.
    """

    logits: Tensor
    weights: Tensor
    queries: Tensor
    keys: Tensor
    values: Tensor


class LanguageModel:
    """SmolLM2-135M-Instruct, read from the file that `python -m attncues weights` fetches.

    It computes in float32 on the CPU. A tensor is unpacked when it is first used, and then kept.

    Attributes:
        layers: How many layers there are.
        heads: How many heads each layer has.

    Raises:
        WeightsError: The file is missing or damaged.
        ModuleNotFoundError: The library `tokenizers` is missing.

    Examples:
        >>> from attncues.transformer import LanguageModel
        >>> model = LanguageModel()
        >>> tokens = model.read("The capital of France is")
        >>> run = model(tokens)
        >>> run.logits.shape, run.weights.shape
        (torch.Size([5, 49152]), torch.Size([30, 9, 5, 5]))
        >>> model.names(run.logits[-1:].argmax(-1))
        [' Paris']
    """

    def __init__(self) -> None:
        need_tokenizers()
        self._file = GGUF(find(FILE))
        self.layers = int(self._setting("block_count"))
        self.heads = int(self._setting("attention.head_count"))
        self._key_heads = int(self._setting("attention.head_count_kv"))
        self._epsilon = float(self._setting("attention.layer_norm_rms_epsilon"))
        self._base = float(self._setting("rope.freq_base"))
        self._unpacked: dict[str, Tensor] = {}

    @one_thread()
    def __call__(self, tokens: Tensor, change: Change | None = None) -> Run:
        """Score the next token after each token.

        Args:
            tokens: Shape (..., n), numbers of the tokenizer, as `read` gives them.
            change: What to make of the weights of each layer before they are used; by default
                they stay as they are.

        Returns:
            Logits, and the weights, queries, keys and values of all layers and heads.

        Raises:
            IndexError: A number is larger than that of any token.
        """
        causal = torch.ones(tokens.shape[-1], tokens.shape[-1], dtype=torch.bool).tril()
        states = self._tensor("token_embd")[tokens]  # (..., n, width)
        seen = []
        for layer in range(self.layers):
            normed = self._norm(states, f"blk.{layer}.attn_norm")
            queries = self._rotate(self._heads(normed, f"blk.{layer}.attn_q"))  # (..., H, n, d)
            keys = self._rotate(self._heads(normed, f"blk.{layer}.attn_k"))  # (..., H / 3, n, d)
            values = self._heads(normed, f"blk.{layer}.attn_v")  # (..., H / 3, n, d)
            # Grouped queries (Ainslie et al. 2023): three heads in a row share a key and a value.
            share = self.heads // self._key_heads
            keys, values = (each.repeat_interleave(share, -3) for each in (keys, values))
            output, weights = attention_pooling(queries, keys, values, mask=causal)
            if change is not None:
                weights = change(layer, weights)  # (..., H, n, n)
                output = weights @ values  # (..., H, n, d)
            joined = output.transpose(-3, -2).flatten(-2)  # (..., n, H · d)
            states = states + joined @ self._tensor(f"blk.{layer}.attn_output").T
            normed = self._norm(states, f"blk.{layer}.ffn_norm")
            gate = functional.silu(normed @ self._tensor(f"blk.{layer}.ffn_gate").T)
            up = normed @ self._tensor(f"blk.{layer}.ffn_up").T
            states = states + (gate * up) @ self._tensor(f"blk.{layer}.ffn_down").T
            seen.append((weights, queries, keys, values))
        states = self._norm(states, "output_norm")
        logits = states @ self._tensor("token_embd").T  # one matrix reads tokens and writes them
        return Run(logits, *(torch.stack(each, dim=-4) for each in zip(*seen, strict=True)))

    def output_matrices(self) -> Tensor:
        """Return the matrices that map the output of each head to what it adds to a state.

        Returns:
            Shape (L, H, d, width).
        """
        names = (f"blk.{layer}.attn_output" for layer in range(self.layers))
        whole = torch.stack([self._tensor(name).T for name in names])  # (L, H · d, width)
        return whole.reshape(self.layers, self.heads, -1, whole.shape[-1])

    def promoted(self, added: Tensor, count: int) -> list[str]:
        """Return the tokens that a vector favours, if it alone decides what comes next.

        The vector is read as the last state is. What later layers make of it is left out. In this
        way Elhage et al. (2021) read what a head writes.

        Args:
            added: Shape (width,), such as what a head adds.
            count: How many tokens to return.

        Returns:
            Their names, the most favoured first.
        """
        scale = self._tensor("output_norm")
        return self.names((self._tensor("token_embd") @ (scale * added)).topk(count).indices)

    def read(self, text: str) -> Tensor:
        """Part a text into tokens.

        Args:
            text: Any text. Neither a start nor an end is added.

        Returns:
            Shape (n,), numbers of the tokenizer.
        """
        ids = self.tokenizer.encode(text, add_special_tokens=False).ids
        return torch.tensor(ids, dtype=torch.long)  # an empty text, too

    def names(self, tokens: Sequence[int] | Tensor) -> list[str]:
        """Return what each token stands for, with the space before it, if it has one.

        One that is only a part of a sign, as most of Chinese are, is named by its bytes, in
        hexadecimal digits.

        Args:
            tokens: Shape (n,), numbers of the tokenizer.

        Returns:
            A name for each.
        """
        return [self._name(int(token)) for token in tokens]

    def _name(self, token: int) -> str:
        name = self.tokenizer.decode([token], skip_special_tokens=False)
        if LOST not in name:
            return name
        letters = self.tokenizer.id_to_token(token) or ""
        return f"⟨{bytes(BYTES[letter] for letter in letters).hex(' ').upper()}⟩"

    @cached_property
    def tokenizer(self) -> "Tokenizer":
        """Byte-level BPE, made from the tokens and merges in the file; each digit is a token."""
        from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

        tokens: list[str] = self._file.settings["tokenizer.ggml.tokens"]
        merges = [tuple(pair.split(" ")) for pair in self._file.settings["tokenizer.ggml.merges"]]
        kinds = self._file.settings["tokenizer.ggml.token_type"]
        tokenizer = Tokenizer(
            models.BPE({token: number for number, token in enumerate(tokens)}, merges)
        )
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [pre_tokenizers.Digits(True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
        )
        tokenizer.decoder = decoders.ByteLevel()
        control = [token for token, kind in zip(tokens, kinds, strict=True) if kind == 3]
        tokenizer.add_special_tokens([AddedToken(token, special=True) for token in control])
        return tokenizer

    def _heads(self, states: Tensor, name: str) -> Tensor:
        """Map states (..., n, width) to what each head gets of them: (..., heads, n, d)."""
        heads = self.heads if name.endswith("_q") else self._key_heads
        mapped = states @ self._tensor(name).T  # (..., n, heads · d)
        return mapped.reshape(*mapped.shape[:-1], heads, -1).transpose(-3, -2)

    def _rotate(self, vectors: Tensor) -> Tensor:
        """Turn each pair of numbers by an angle in step with the position (Su et al. 2021)."""
        length, size = vectors.shape[-2:]
        speeds = self._base ** (-torch.arange(0, size, 2) / size)  # (d / 2,)
        angles = torch.arange(length)[:, None] * speeds  # (n, d / 2)
        turns = torch.polar(torch.ones_like(angles), angles)
        pairs = torch.view_as_complex(vectors.reshape(*vectors.shape[:-1], -1, 2).contiguous())
        return torch.view_as_real(pairs * turns).flatten(-2)

    def _norm(self, states: Tensor, name: str) -> Tensor:
        """Divide each state by its root mean square (Zhang & Sennrich 2019), and scale it."""
        return functional.rms_norm(states, states.shape[-1:], self._tensor(name), eps=self._epsilon)

    def _tensor(self, name: str) -> Tensor:
        if name not in self._unpacked:
            self._unpacked[name] = self._file.tensor(f"{name}.weight")
        return self._unpacked[name]

    def _setting(self, name: str) -> Any:
        return self._file.settings[f"llama.{name}"]
