"""A small translator with attention, and the English and French that it learns from.

The sentences come from a grammar of this module, which has tens of thousands of them; a few
hundred are drawn. Words change places ("red cup", "tasse rouge"), agree ("noir", "noire"),
merge ("of the", "du") and split ("not", "n' … pas"). The translator is after Bahdanau, Cho &
Bengio (2015): a recurrent network reads the source in both directions, and another writes
the target token by token, each time with attention over the source.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

from .numbers import check_count, check_seed
from .pooling import attention_pooling
from .threads import one_thread

NOUNS = {
    "book": ("livre", "m"),
    "cat": ("chat", "m"),
    "newspaper": ("journal", "m"),
    "notebook": ("cahier", "m"),
    "chair": ("chaise", "f"),
    "cup": ("tasse", "f"),
    "letter": ("lettre", "f"),
    "table": ("table", "f"),
}
"""French nouns and their gender."""
ADJECTIVES = {
    "black": ("noir", "noire"),
    "green": ("vert", "verte"),
    "red": ("rouge", "rouge"),
    "white": ("blanc", "blanche"),
}
"""Follow the noun in French; masculine and feminine."""
ADJECTIVES_BEFORE = {"big": ("grand", "grande"), "small": ("petit", "petite")}
"""Stand before the noun in French too."""
ARTICLES = {"a": ("un", "une"), "the": ("le", "la")}
FRAMES = {
    "on": ("{} is on {}", "{} est sur {}"),
    "not on": ("{} is not on {}", "{} n' est pas sur {}"),
    "of": ("{} of {} is here", "{} de {} est ici"),
    "see": ("I see {} and {}", "je vois {} et {}"),
}
"""Sentences of two noun phrases; after *of* the second begins with *the*."""

PAD, START, END = "<pad>", "<start>", "<end>"
MOST_TOKENS = 20
"""A translation that has no end by then is cut off."""


@dataclass(frozen=True)
class Pair:
    """A sentence and its translation, in tokens."""

    source: tuple[str, ...]
    target: tuple[str, ...]


HELD_OUT = set(zip([*ADJECTIVES, *ADJECTIVES_BEFORE] * 2, NOUNS, strict=False))
"""Adjectives and nouns that never meet in a sentence that is learned: one for each noun."""


@dataclass(frozen=True)
class Corpus:
    """Sentences to learn from, and others to be tested on."""

    train: tuple[Pair, ...]
    test: tuple[Pair, ...]


def corpus(seed: int = 0, *, train: int = 600, test: int = 200) -> Corpus:
    """Draw different sentences from the grammar.

    Each sentence of the test has an adjective beside a noun with which it was never learned,
    a pair of `HELD_OUT`. So no sentence is in both parts, and to pass the test it does not
    help to remember sentences.

    Args:
        seed: Decides which.
        train: How many to learn from, at most 2000.
        test: How many to be tested on, at most 500.

    Returns:
        Sentences of both kinds, all different.

    Raises:
        ValueError: A number is negative or larger than that.

    Examples:
        >>> from attncues.translation import corpus
        >>> sentences = corpus(train=3, test=1)
        >>> " ".join(sentences.train[0].source)
        'I see the letter and the small table'
        >>> " ".join(sentences.train[0].target)
        'je vois la lettre et la petite table'
    """
    check_seed(seed)
    check_count("train", train)
    check_count("test", test)
    if not (0 <= train <= 2000 and 0 <= test <= 500):
        raise ValueError(f"at most 2000 and 500 sentences can be drawn, got {train} and {test}")
    draw = random.Random(int(seed))
    learned: dict[Pair, None] = {}
    tested: dict[Pair, None] = {}
    while len(learned) < train or len(tested) < test:
        pair = _sentence(draw)
        part, size = (tested, test) if HELD_OUT & set(pairwise(pair.source)) else (learned, train)
        if len(part) < size:
            part[pair] = None
    return Corpus(tuple(learned), tuple(tested))


def _sentence(draw: random.Random) -> Pair:
    one, other = draw.sample(list(NOUNS), 2)
    adjectives = [None, None, *ADJECTIVES, *ADJECTIVES_BEFORE]
    first = draw.choice(list(ARTICLES)), draw.choice(adjectives), one
    article, adjective = draw.choice(list(ARTICLES)), draw.choice(adjectives)
    frame = draw.choice(list(FRAMES))
    return sentence_of(frame, first, ("the" if frame == "of" else article, adjective, other))


Phrase: TypeAlias = tuple[str, str | None, str]
"""An article, an adjective or none, and a noun, in English."""


def sentence_of(frame: str, first: Phrase, second: Phrase) -> Pair:
    """Make a sentence of the grammar, and its translation.

    Args:
        frame: One of `FRAMES`.
        first: The first noun phrase.
        second: The second, which begins with "the" if the frame is "of".

    Returns:
        Both sentences.

    Examples:
        >>> from attncues.translation import sentence_of
        >>> pair = sentence_of("of", ("a", "red", "cup"), ("the", "big", "cat"))
        >>> " ".join(pair.source), " ".join(pair.target)
        ('a red cup of the big cat is here', 'une tasse rouge du grand chat est ici')
    """
    source, target = FRAMES[frame]
    (a, b), (c, d) = _noun_phrase(*first), _noun_phrase(*second)
    merged = target.format(b, d).replace("de le ", "du ")
    return Pair(tuple(source.format(a, c).split()), tuple(merged.split()))


def _noun_phrase(article: str, adjective: str | None, noun: str) -> tuple[str, str]:
    """A noun phrase in both languages."""
    french, gender = NOUNS[noun]
    feminine = gender == "f"
    start = ARTICLES[article][feminine]
    if adjective is None:
        return f"{article} {noun}", f"{start} {french}"
    source = f"{article} {adjective} {noun}"
    if adjective in ADJECTIVES_BEFORE:
        return source, f"{start} {ADJECTIVES_BEFORE[adjective][feminine]} {french}"
    return source, f"{start} {french} {ADJECTIVES[adjective][feminine]}"


@dataclass(frozen=True)
class Translation:
    """What a translator wrote, and where it looked.

    Attributes:
        source: The tokens it read.
        target: The tokens it wrote, without the end.
        weights: Shape (target, source), the attention weights with which each was written.
            The weight of the end of the source is left out, so a row may sum to less than one.
    """

    source: tuple[str, ...]
    target: tuple[str, ...]
    weights: Tensor


@dataclass(frozen=True)
class Step:
    """The tensors of one step of decoding, for a batch of n sentences.

    Attributes:
        query: Shape (n, 1, 32), the state of the decoder before it writes.
        weights: Shape (n, 1, source).
        context: Shape (n, 64), the weighted average of the values.
        scores: Shape (n, vocabulary), of the next token.
        state: Shape (n, 32), the state of the decoder afterwards.
    """

    query: Tensor
    weights: Tensor
    context: Tensor
    scores: Tensor
    state: Tensor


@dataclass(frozen=True)
class Encoded:
    """What the encoder has made of n sentences, the same at every step.

    Attributes:
        keys: Shape (n, source, 32), made from the values.
        values: Shape (n, source, 64), what was read.
        state: Shape (n, 32), the first state of the decoder.
        mask: Shape (n, 1, source), `True` where there is no padding.
    """

    keys: Tensor
    values: Tensor
    state: Tensor
    mask: Tensor


class Translator(nn.Module):
    """An encoder and a decoder with additive attention (Bahdanau et al. 2015)."""

    def __init__(self, pairs: Sequence[Pair]) -> None:
        super().__init__()
        # Padding is token 0 in both languages.
        self.source_tokens = [PAD, END, *sorted({word for pair in pairs for word in pair.source})]
        self.target_tokens = [
            PAD,
            START,
            END,
            *sorted({word for pair in pairs for word in pair.target}),
        ]
        self._source_number = {word: place for place, word in enumerate(self.source_tokens)}
        size = 32
        self.embed_source = nn.Embedding(len(self.source_tokens), size, padding_idx=0)
        self.embed_target = nn.Embedding(len(self.target_tokens), size, padding_idx=0)
        self.drop = nn.Dropout(0.2)
        self.encoder = nn.GRU(size, size, batch_first=True, bidirectional=True)
        self.first_state = nn.Linear(2 * size, size)
        self.decoder = nn.GRUCell(3 * size, size)
        self.to_query = nn.Linear(size, size, bias=False)
        self.to_key = nn.Linear(2 * size, size, bias=False)
        self.to_score = nn.Linear(size, 1, bias=False)
        self.to_token = nn.Linear(4 * size, len(self.target_tokens))

    def translate(self, sentence: str) -> Translation:
        """Translate a sentence of the grammar, always taking the likeliest next token.

        Args:
            sentence: English words with spaces between them.

        Returns:
            The translation, and the attention weights of each of its tokens.

        Raises:
            TypeError: The sentence is not a text.
            ValueError: The sentence is empty or has a word that was not learned.

        Examples:
            >>> from attncues.translation import Corpus, Pair, train
            >>> two = [
            ...     Pair(("the", "cat"), ("le", "chat")),
            ...     Pair(("the", "red", "cat"), ("le", "chat", "rouge")),
            ... ]
            >>> translator = train(data=Corpus(tuple(two), ()), epochs=100)
            >>> translation = translator.translate("the red cat")
            >>> translation.target
            ('le', 'chat', 'rouge')
            >>> tuple(translation.weights.shape)
            (3, 3)
        """
        if not isinstance(sentence, str):
            raise TypeError(f"sentence must be a text, got {type(sentence).__name__}")
        return self.translate_all([tuple(sentence.split())])[0]

    @torch.no_grad()
    def translate_all(self, sentences: Sequence[tuple[str, ...]]) -> list[Translation]:
        """Translate many sentences at once; see `translate`.

        Args:
            sentences: The tokens of each.

        Returns:
            One translation for each.

        Raises:
            ValueError: As `translate`.
        """
        if not sentences:
            return []
        encoded = self.encode(sentences)
        tokens = torch.full((len(sentences),), self.target_tokens.index(START))
        state = encoded.state
        written, looked = [], []
        for _ in range(MOST_TOKENS):
            step = self.step(tokens, state, encoded)
            tokens, state = step.scores.argmax(-1), step.state
            written.append(tokens)
            looked.append(step.weights[:, 0])
        weights = torch.stack(looked, dim=1)
        translations = []
        for row, source in enumerate(sentences):
            target = [self.target_tokens[tokens[row]] for tokens in written]
            if END in target:
                target = target[: target.index(END)]
            shown = weights[row, : len(target), : len(source)]
            translations.append(Translation(tuple(source), tuple(target), shown))
        return translations

    def encode(self, sentences: Sequence[tuple[str, ...]]) -> Encoded:
        """Read sentences from both sides.

        Args:
            sentences: The tokens of each; their end is added.

        Returns:
            Keys, values, the first state of the decoder, and a mask.

        Raises:
            ValueError: A sentence is empty or has a word that was not learned.
        """
        rows = [torch.tensor(self._numbers(sentence)) for sentence in sentences]
        source = pad_sequence(rows, batch_first=True)
        lengths = torch.tensor([len(row) for row in rows])
        packed = pack_padded_sequence(
            self.drop(self.embed_source(source)), lengths, batch_first=True, enforce_sorted=False
        )
        states, last = self.encoder(packed)
        values, _ = pad_packed_sequence(states, batch_first=True)
        first = torch.tanh(self.first_state(torch.cat([last[0], last[1]], dim=-1)))
        return Encoded(self.to_key(values), values, first, (source != 0)[:, None])

    def _numbers(self, sentence: tuple[str, ...]) -> list[int]:
        if not sentence:
            raise ValueError("there is no word to translate")
        known = self._source_number
        if unknown := [word for word in sentence if word not in known or word in (PAD, END)]:
            raise ValueError(
                f"these words were not learned: {', '.join(map(repr, unknown))}; "
                f"known are {', '.join(self.source_tokens[2:])}"
            )
        return [known[word] for word in (*sentence, END)]

    def step(self, tokens: Tensor, state: Tensor, encoded: Encoded) -> Step:
        """Write one token.

        Args:
            tokens: Shape (n,), the tokens before.
            state: Shape (n, 32), the state of the decoder: the query.
            encoded: What was read.

        Returns:
            All tensors of the step.
        """
        query = state[:, None]
        pooled, weights = attention_pooling(
            query, encoded.keys, encoded.values, score=self._additive, mask=encoded.mask
        )
        context = pooled[:, 0]
        before = self.drop(self.embed_target(tokens))
        state = self.decoder(torch.cat([before, context], dim=-1), state)
        scores = self.to_token(torch.cat([state, context, before], dim=-1))
        return Step(query, weights, context, scores, state)

    def _additive(self, queries: Tensor, keys: Tensor) -> Tensor:
        """Score by `vᵀ tanh(W q + U h)`; the keys are U h already."""
        summed = self.to_query(queries)[:, :, None] + keys[:, None]
        scores: Tensor = self.to_score(torch.tanh(summed))
        return scores[..., 0]


@one_thread()
def train(
    seed: int = 0,
    *,
    data: Corpus | None = None,
    epochs: int = 30,
    report: Callable[[str], None] | None = None,
) -> Translator:
    """Train a translator; takes some five seconds on one core.

    Args:
        seed: Decides first weights and the order of sentences.
        data: What to learn from, by default `corpus()`.
        epochs: How often each sentence is seen.
        report: Is given a line of progress about five times, such as `print`; the loss is that
            of the last sentences.

    Returns:
        The translator.

    Raises:
        ValueError: There are no sentences or no epochs.

    Examples:
        >>> from attncues.translation import corpus, train
        >>> translator = train(seed=0, data=corpus(train=100, test=0), epochs=2)
        >>> translation = translator.translate("the cup is on the table")
        >>> translation.weights.shape == (len(translation.target), len(translation.source))
        True
    """
    check_seed(seed)
    check_count("epochs", epochs)
    pairs = (data or corpus()).train
    if not pairs or epochs < 1:
        raise ValueError(f"got {len(pairs)} sentences and {epochs} epochs; at least one of each")
    with torch.random.fork_rng(devices=[]):  # first weights and dropout draw from it
        torch.manual_seed(seed)
        translator = Translator(pairs)
        _train(translator, pairs, epochs, torch.Generator().manual_seed(seed), report)
    return translator.eval().requires_grad_(False)


def _train(
    translator: Translator,
    pairs: Sequence[Pair],
    epochs: int,
    draw: torch.Generator,
    report: Callable[[str], None] | None,
) -> None:
    number = {word: place for place, word in enumerate(translator.target_tokens)}
    rows = [torch.tensor([number[word] for word in (START, *pair.target, END)]) for pair in pairs]
    target = pad_sequence(rows, batch_first=True)
    batches = [torch.randperm(len(pairs), generator=draw).split(50) for _ in range(epochs)]
    optimizer = torch.optim.Adam(translator.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.01, sum(map(len, batches)))
    for epoch, batches_of_epoch in enumerate(batches, start=1):
        for batch in batches_of_epoch:
            loss = _loss(translator, [pairs[row].source for row in batch.tolist()], target[batch])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(translator.parameters(), 1.0)
            optimizer.step()
            schedule.step()
        if report is not None and epoch % max(1, epochs // 5) == 0:
            report(f"epoch {epoch:>3} of {epochs}: loss {loss.item():.3f}")


def _loss(translator: Translator, sources: Sequence[tuple[str, ...]], target: Tensor) -> Tensor:
    """Cross-entropy of each next token, given the right ones before it."""
    encoded = translator.encode(sources)
    state, scores = encoded.state, []
    for tokens in target[:, :-1].T:
        step = translator.step(tokens, state, encoded)
        state = step.state
        scores.append(step.scores)
    return functional.cross_entropy(
        torch.stack(scores, dim=1).flatten(0, 1), target[:, 1:].flatten(), ignore_index=0
    )
