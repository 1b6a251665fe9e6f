"""A translator from English to Portuguese that runs in browsers, over this attention pooling.

It is a small Transformer of the Bergamot project, trained with Marian (Junczys-Dowmunt et al.
2018) to answer as larger ones do. Six layers of encoder let the English tokens attend to each
other. Two layers of decoder write Portuguese, one token at a time; instead of attending to what
has been written they keep a running average of it (Kim et al. 2019), and then attend to English.
Each layer has eight heads, with queries, keys and values of 32 numbers.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import torch
from torch import Tensor
from torch.nn import functional

from ..pooling import attention_pooling
from ..threads import one_thread
from ..weights import find
from .marian import read_tensors
from .needed import need_tokenizers

if TYPE_CHECKING:
    from tokenizers import Tokenizer

WEIGHTS, TOKENS = "english-portuguese.bin", "english-portuguese.json"
ENCODER, DECODER, HEADS, WIDTH, END = 6, 2, 8, 256, 0
LONGEST = 2.5
"""A translation ends at so many times the tokens of its sentence, at the latest."""

Encode: TypeAlias = Callable[[Tensor], Tensor]
"""Maps the states of the encoder (n, 256) to those that the decoder attends to."""


@dataclass(frozen=True)
class Translation:
    """A sentence, what became of it, and where each token of that came from.

    Attributes:
        text: In Portuguese.
        source: The n tokens of the sentence, its end included.
        target: The m tokens of the translation, its end included.
        weights: Shape (2, 8, m, n): in each layer and head of the decoder's cross-attention, a row
            for each token of the target; head 0 of the last layer aligns best on the chapter's
            sentence.
        queries: Shape (2, 8, m, 32), made from the state of the decoder before it writes a token.
        keys: Shape (2, 8, n, 32), made from the states of the encoder.
        values: Shape (2, 8, n, 32), made from the same states.
        encoder_weights: Shape (6, 8, n, n), of the self-attention of the encoder.
        logits: Shape (m, 32000), of the token that was written each time.
    """

    text: str
    source: list[str]
    target: list[str]
    weights: Tensor
    queries: Tensor
    keys: Tensor
    values: Tensor
    encoder_weights: Tensor
    logits: Tensor


class PortugueseTranslator:
    """The model, read from the files that `python -m attncues weights` fetches.

    Raises:
        WeightsError: A file is missing or damaged.
        ModuleNotFoundError: The library `tokenizers` is missing.
    """

    def __init__(self) -> None:
        need_tokenizers()
        self._tensors = read_tensors(find(WEIGHTS))
        self._tokens = find(TOKENS)

    @cached_property
    def tokenizer(self) -> "Tokenizer":
        """A unigram model of pieces that both languages share."""
        from tokenizers import Tokenizer

        return Tokenizer.from_file(str(self._tokens))

    @one_thread()
    def translate(self, sentence: str, change: Encode | None = None) -> Translation:
        """Translate a sentence, taking the likeliest token each time.

        Args:
            sentence: In English.
            change: What to make of the states of the encoder before the decoder attends to them;
                by default they stay as they are.

        Returns:
            The translation with its attention. It stops at the end that the model writes, or with
                2.5 times the tokens of the sentence, at the latest.

        Raises:
            ValueError: The sentence is empty.

        Examples:
            >>> from attncues.transformer import PortugueseTranslator
            >>> found = PortugueseTranslator().translate("The red cup.")
            >>> found.text
            'O copo vermelho.'
            >>> found.weights[1, 0].argmax(-1).tolist()  # where each token looks most
            [0, 2, 1, 3, 3]
        """
        if not sentence.strip():
            raise ValueError("a sentence is needed, got an empty one")
        source = [*self.tokenizer.encode(sentence, add_special_tokens=False).ids, END]
        states, encoder_weights = self._encode(torch.tensor(source))
        if change is not None:
            states = change(states)
        # All keys and values are made once: they are what the decoder looks things up in.
        memory = [
            (
                self._heads(states, f"decoder_l{layer}_context", "k"),
                self._heads(states, f"decoder_l{layer}_context", "v"),
            )
            for layer in range(1, DECODER + 1)
        ]
        cells = [torch.zeros(1, WIDTH) for _ in range(DECODER)]
        target: list[int] = []
        seen: list[tuple[Tensor, Tensor, Tensor]] = []
        while len(target) < LONGEST * len(source) and target[-1:] != [END]:
            seen.append(self._step(target, cells, memory))
            target.append(int(seen[-1][-1].argmax()))
        weights, queries, logits = zip(*seen, strict=True)
        keys, values = (torch.stack(each) for each in zip(*memory, strict=True))
        text = self.tokenizer.decode([token for token in target if token != END])
        return Translation(
            text,
            self._names(source),
            self._names(target),
            torch.cat(weights, dim=-2),
            torch.cat(queries, dim=-2),
            keys,
            values,
            encoder_weights,
            torch.cat(logits),
        )

    def _encode(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """Let the tokens of a sentence attend to each other, six times."""
        states = self._embed(tokens, torch.arange(len(tokens)))  # (n, width)
        all_weights = []
        for layer in range(1, ENCODER + 1):
            room = f"encoder_l{layer}_self"
            queries, keys, values = (self._heads(states, room, each) for each in "qkv")
            output, weights = attention_pooling(queries, keys, values)  # (heads, n, d)
            states = self._add(states, self._joined(output, room), f"{room}_Wo_ln")
            states = self._feed(states, f"encoder_l{layer}_ffn")
            all_weights.append(weights)
        return states, torch.stack(all_weights)

    def _step(
        self, target: list[int], cells: list[Tensor], memory: list[tuple[Tensor, Tensor]]
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Score the next token, given those before; `cells` holds what is kept of them."""
        place = torch.tensor([len(target)])
        states = self._embed(torch.tensor(target[-1:]), place) if target else self._place(place)
        seen = []
        for layer, (keys, values) in enumerate(memory, start=1):
            room = f"decoder_l{layer}_rnn"
            forget = torch.sigmoid(
                states @ self._tensors[f"{room}_Wf"] + self._tensors[f"{room}_bf"]
            )
            new = states @ self._tensors[f"{room}_W"]
            cells[layer - 1] = forget * cells[layer - 1] + (1 - forget) * new
            states = self._add(states, cells[layer - 1].relu(), f"{room}_ffn_ln")
            room = f"decoder_l{layer}_context"
            queries = self._heads(states, room, "q")  # (heads, 1, d): one token asks
            output, weights = attention_pooling(queries, keys, values)  # (heads, 1, n): all answer
            states = self._add(states, self._joined(output, room), f"{room}_Wo_ln")
            states = self._feed(states, f"decoder_l{layer}_ffn")
            seen.append((weights, queries))
        all_weights, all_queries = (torch.stack(each) for each in zip(*seen, strict=True))
        logits = states @ self._tensors["Wemb"].T + self._tensors["decoder_ff_logit_out_b"]
        return all_weights, all_queries, logits

    def _heads(self, states: Tensor, room: str, kind: str) -> Tensor:
        """Map states (n, width) to what each head gets of them: (heads, n, d)."""
        mapped = states @ self._tensors[f"{room}_W{kind}"] + self._tensors[f"{room}_b{kind}"]
        return mapped.reshape(len(states), HEADS, -1).transpose(0, 1)

    def _joined(self, output: Tensor, room: str) -> Tensor:
        """Join what heads give, (heads, n, d), to (n, width)."""
        joined = output.transpose(0, 1).reshape(output.shape[1], WIDTH)
        return joined @ self._tensors[f"{room}_Wo"] + self._tensors[f"{room}_bo"]

    def _feed(self, states: Tensor, room: str) -> Tensor:
        """Work on each token by itself."""
        inner = (states @ self._tensors[f"{room}_W1"] + self._tensors[f"{room}_b1"]).relu()
        outer = inner @ self._tensors[f"{room}_W2"] + self._tensors[f"{room}_b2"]
        return self._add(states, outer, f"{room}_ffn_ln")

    def _add(self, states: Tensor, change: Tensor, norm: str) -> Tensor:
        """Add what a layer found, then bring each token to mean zero and variance one."""
        scale, bias = self._tensors[f"{norm}_scale"][0], self._tensors[f"{norm}_bias"][0]
        return functional.layer_norm(states + change, (WIDTH,), scale, bias, 1e-6)

    def _embed(self, tokens: Tensor, places: Tensor) -> Tensor:
        return self._tensors["Wemb"][tokens] * math.sqrt(WIDTH) + self._place(places)

    def _place(self, places: Tensor) -> Tensor:
        """Sines and cosines of a position, as in Vaswani et al. (2017), sines first."""
        half = WIDTH // 2
        speeds = torch.exp(torch.arange(half) * (-math.log(10000) / (half - 1)))
        angles = places[:, None] * speeds
        return torch.cat([angles.sin(), angles.cos()], dim=-1)

    def _names(self, tokens: list[int]) -> list[str]:
        """Return each token as it is written, with a space before it if a word begins."""
        pieces = (self.tokenizer.id_to_token(token) for token in tokens)
        return [str(piece).replace("▁", " ") for piece in pieces]
