"""Every illustration of the site by name, for slides, papers and tests.

Each function below computes what its figure needs, as the cells of its page do, and draws it.
`python -m attncues figures` writes them into files. What is trained is trained once a process.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, Protocol, TypeAlias

import torch
from torch import Tensor

from . import glimpse, translation
from .framework import draw_framework
from .gaze import draw_handover, draw_maps, draw_priority, draw_scene, draw_searches
from .glimpses import draw_glimpses, draw_rewards
from .heatmaps import draw_heatmaps
from .misleading import draw_misleading
from .pooling import attention_pooling, attention_weights, dot_product, gaussian, max_pooling
from .pools import draw_pooling
from .saliency import (
    CHANNELS,
    bottom_up,
    feature_maps,
    fixate,
    priority,
    scan_path,
    target_query,
    target_weights,
    top_down,
)
from .scenes import Scene, desk, search_display
from .style import DPI, Figure, Kind, Language, Theme, render


class Drawing(Protocol):
    """A function that draws one illustration in a language."""

    __name__: str

    def __call__(self, lang: Language = "en") -> Figure:
        """Draw it."""


FIGURES: dict[str, Drawing] = {}
"""The functions of this module by the names of their figures, in the order of the chapter."""


def figure(draw: Drawing) -> Drawing:
    """Give a function of this module its place in `FIGURES`; `desk_maps` draws desk-maps."""
    FIGURES[draw.__name__.replace("_", "-")] = draw
    return draw


Files: TypeAlias = dict[Kind, bytes | str]
"""What the file of a figure holds, by its format, or a line that says why there is none."""


def files(
    name: str,
    kinds: Sequence[Kind] = ("svg",),
    *,
    lang: Language = "en",
    theme: Theme = "auto",
    dpi: float = DPI,
) -> Files:
    """Draw an illustration and write it in several formats.

    Args:
        name: One of `FIGURES`.
        kinds: Of "svg", "png" and "pdf".
        lang: The language of its text, "en" or "zh".
        theme: As in `style.render`.
        dpi: As in `style.render`.

    Returns:
        For each format the bytes of the file. What goes wrong takes their place as one line,
        so that other formats, and other figures, are written all the same.
    """
    torch.set_num_threads(1)  # sums in another order differ in their last digits
    written: Files = {}
    for kind in kinds:
        try:
            written[kind] = render(FIGURES[name](lang), kind, theme=theme, dpi=dpi)
        except Exception as error:
            written[kind] = " ".join(f"{type(error).__name__}: {error}".split())
    return written


# The first page


@figure
def heatmap(lang: Language = "en") -> Figure:
    """Attention weights of ten random queries over ten random keys."""
    draw = torch.Generator().manual_seed(0)
    queries, keys = torch.randn(2, 10, 6, generator=draw)
    return draw_heatmaps(attention_weights(queries, keys), lang=lang)


# Attention cues in biology


@cache
def _weights_of(target: str) -> Tensor:
    """Learn on another desk what tells an object from the rest."""
    lesson = desk(seed=1000)
    return target_weights(feature_maps(lesson.image), lesson.boxes[target])


@cache
def _seen(volition: float) -> Tensor:
    return priority(desk(seed=0).image, _weights_of("book"), volition=volition)


@figure
def desk_first_gaze(lang: Language = "en") -> Figure:
    """The desk, with the gaze of someone who just looks."""
    return draw_scene(desk(seed=0), [fixate(_seen(0.0))], lang=lang)


@figure
def desk_first_priority(lang: Language = "en") -> Figure:
    """The priority of each place of the desk for someone who just looks."""
    return draw_priority(_seen(0.0), [fixate(_seen(0.0))], scene=desk(seed=0), lang=lang)


@figure
def desk_maps(lang: Language = "en") -> Figure:
    """The six feature maps of the desk."""
    return draw_maps(feature_maps(desk(seed=0).image), lang=lang)


@figure
def desk_second_gaze(lang: Language = "en") -> Figure:
    """The desk, with the gaze of someone who looks for the book."""
    return draw_scene(desk(seed=0), [fixate(_seen(1.0))], lang=lang)


@figure
def desk_second_priority(lang: Language = "en") -> Figure:
    """The priority of each place of the desk for someone who looks for the book."""
    return draw_priority(_seen(1.0), [fixate(_seen(1.0))], scene=desk(seed=0), lang=lang)


@figure
def desk_handover(lang: Language = "en") -> Figure:
    """Priority passing from the cup to the book as volition rises."""
    maps = feature_maps(desk(seed=0).image)
    salience, match = bottom_up(maps), top_down(maps, _weights_of("book"))
    return draw_handover(salience, match, desk(seed=0), lang=lang)


@figure
def coffee(lang: Language = "en") -> Figure:
    """Four fixations on the photograph that comes with scikit-image."""
    try:
        from skimage import data
    except ModuleNotFoundError:
        raise RuntimeError(
            "the photograph comes with scikit-image: pip install scikit-image"
        ) from None
    photograph = torch.from_numpy(data.coffee()).movedim(-1, 0)[None].float() / 255
    small = torch.nn.functional.interpolate(photograph, size=(192, 288), mode="area")
    photo = small[0].movedim(0, -1)
    return draw_scene(photo, scan_path(priority(photo), 4), lang=lang)


# Visual search


def _search(scene: Scene, priority_map: Tensor) -> list[tuple[int, int]]:
    """Look around until the target is found, and return the path."""
    path = scan_path(priority_map, 2 * len(scene.boxes))
    on = [scene.object_at(*place) for place in path]
    return path[: on.index("target") + 1]


@figure
def search_feature(lang: Language = "en") -> Figure:
    """A feature search: the one red disc is found at once."""
    scene = search_display(16, "feature", seed=9)
    return draw_scene(scene, _search(scene, bottom_up(feature_maps(scene.image))), lang=lang)


@figure
def search_conjunction(lang: Language = "en") -> Figure:
    """A conjunction search: the disc both red and bright takes several fixations."""
    scene = search_display(16, "conjunction", seed=9)
    return draw_scene(scene, _search(scene, bottom_up(feature_maps(scene.image))), lang=lang)


@figure
def search_counts(lang: Language = "en") -> Figure:
    """Fixations until the target is found, by the number of items."""
    return draw_searches(_searches(), lang=lang)


@cache
def _searches(displays: int = 40) -> dict[str, dict[int, float]]:
    """Count the fixations of three kinds of search, as means over displays."""
    lesson = search_display(16, "conjunction", seed=1000)
    weights = target_weights(feature_maps(lesson.image), lesson.boxes["target"])
    means: dict[str, dict[int, float]] = {"feature": {}, "conjunction": {}, "guided": {}}
    for items in (4, 8, 16, 32):
        counts = dict.fromkeys(means, 0)
        for seed in range(displays):
            easy, hard = (search_display(items, kind, seed) for kind in ("feature", "conjunction"))
            maps = feature_maps(hard.image)
            counts["feature"] += len(_search(easy, bottom_up(feature_maps(easy.image))))
            counts["conjunction"] += len(_search(hard, bottom_up(maps)))
            counts["guided"] += len(_search(hard, top_down(maps, weights)))
        for kind, count in counts.items():
            means[kind][items] = count / displays
    return means


# Queries, keys and values


@cache
def _objects() -> tuple[list[str], Tensor, Tensor]:
    """Return the names of the desk's objects, and their mean responses and colours."""
    scene = desk(seed=0)

    def averages(image: Tensor) -> Tensor:
        boxes = scene.boxes.values()
        cut = [image[top:bottom, left:right] for top, bottom, left, right in boxes]
        return torch.stack([pixels.mean(dim=(0, 1)) for pixels in cut])

    maps = feature_maps(scene.image)
    return list(scene.boxes), averages(maps.movedim(0, -1)), averages(scene.image)


@figure
def framework(lang: Language = "en") -> Figure:
    """Query, keys, scores, weights, values and output, with computed numbers."""
    names, keys, values = _objects()
    book = target_query(_weights_of("book"))
    return draw_framework(
        book, keys, values, names=names, features=CHANNELS, temperature=0.2, lang=lang
    )


@figure
def pooling_layers(lang: Language = "en") -> Figure:
    """How much each object counts in four kinds of layers, for two queries."""
    names, keys, colours = _objects()
    queries = torch.stack([target_query(_weights_of(name)) for name in ("book", "cup")])
    weights = attention_weights(queries, keys, score=dot_product, temperature=0.2)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        layer = torch.nn.Linear(5, 1, bias=False)
    share_of_largest = (colours == max_pooling(colours)).float().mean(dim=1)
    fixed = [torch.full((5,), 1 / 5), share_of_largest, layer.weight[0].detach()]
    rows = [row for row in fixed for _ in queries]
    layers = ["average", "max", "fully connected", "attention"]
    return draw_heatmaps(
        torch.stack([*rows, *weights]),
        xlabel="Objects",
        ylabel="Layer and query",
        xticklabels=names,
        yticklabels=[f"{one}, {query}" for one in layers for query in ("book", "cup")],
        lang=lang,
    )


@figure
def desk_temperatures(lang: Language = "en") -> Figure:
    """The weights of the five objects at seven temperatures."""
    names, keys, _ = _objects()
    book = target_query(_weights_of("book"))[None]
    temperatures = [0.01, 0.1, 0.2, 0.5, 1, 10, 100]
    sweep = [attention_weights(book, keys, score=dot_product, temperature=t) for t in temperatures]
    return draw_heatmaps(
        torch.cat(sweep),
        xlabel="Objects",
        ylabel="Temperature",
        xticklabels=names,
        yticklabels=[str(temperature) for temperature in temperatures],
        lang=lang,
    )


@cache
def _weights_of_places() -> list[Tensor]:
    """Weigh all places of the desk, with a query for all features alike and one for the book."""
    scene = desk(seed=0)
    place_keys = feature_maps(scene.image).flatten(1).T
    height, width = scene.image.shape[:2]
    places = torch.cartesian_prod(torch.arange(height), torch.arange(width)).float()
    wishes = torch.stack([torch.ones(6), target_query(_weights_of("book"))])
    _, weights = attention_pooling(wishes, place_keys, places, score=dot_product, temperature=0.05)
    return list(weights.reshape(2, height, width))


@figure
def desk_weights(lang: Language = "en") -> Figure:
    """Attention weights over all places of the desk, for a query that wants all."""
    return draw_priority(_weights_of_places()[0], scene=desk(seed=0), label="weight", lang=lang)


@figure
def desk_weights_book(lang: Language = "en") -> Figure:
    """Attention weights over all places of the desk, for the query “book”."""
    return draw_priority(_weights_of_places()[1], scene=desk(seed=0), label="weight", lang=lang)


@figure
def pooling_plane(lang: Language = "en") -> Figure:
    """A query among five keys in a plane, its weights, and the output."""
    names, _, colours = _objects()
    scene = desk(seed=0)
    height, width = scene.image.shape[:2]
    places = [
        [(left + right - width) / height, (height - top - bottom) / height]
        for top, bottom, left, right in scene.boxes.values()
    ]
    return draw_pooling(
        torch.tensor([0.2, -0.1]),
        torch.tensor(places),
        colours,
        names=names,
        features=["across", "up"],
        score=gaussian,
        temperature=0.2,
        lang=lang,
    )


# Visualising attention


@figure
def tensor_layout(lang: Language = "en") -> Figure:
    """How a tensor of four dimensions becomes a grid of heatmaps."""
    titles = ["panels 0", "panels 1", "panels 2"]
    count = torch.arange(2 * 3 * 4 * 6).reshape(2, 3, 4, 6)
    return draw_heatmaps(count, titles=titles, figsize=(5, 3), lang=lang)


@figure
def identity(lang: Language = "en") -> Figure:
    """The identity matrix: each query attends to the key of its own number."""
    return _square(torch.eye(10), lang, titles=["Attention weights"])


def _square(matrix: Tensor, lang: Language, **options: Any) -> Figure:
    return draw_heatmaps(matrix, figsize=(2.5, 2.5), lang=lang, **options)


@cache
def _worked_example() -> tuple[Tensor, Tensor]:
    """Return the weights of four queries over six keys, and a random matrix."""
    draw = torch.Generator().manual_seed(1)
    queries = torch.randn(4, 5, generator=draw)
    keys = torch.randn(6, 5, generator=draw)
    exponentials = (queries @ keys.T / 5**0.5).exp()
    weights = exponentials / exponentials.sum(dim=-1, keepdim=True)
    return weights, torch.randn(10, 10, generator=draw)


@figure
def four_queries(lang: Language = "en") -> Figure:
    """The weights of four queries over six keys."""
    return draw_heatmaps(_worked_example()[0], figsize=(3.4, 2.5), lang=lang)


@figure
def ten_distributions(lang: Language = "en") -> Figure:
    """Ten random distributions, one in each row."""
    return _square(_worked_example()[1].softmax(dim=-1), lang)


@figure
def two_softmaxes(lang: Language = "en") -> Figure:
    """Softmax of one matrix over the keys and over the queries."""
    matrix = _worked_example()[1]
    pair = torch.stack([matrix.softmax(dim=-1), matrix.softmax(dim=0)])
    titles = ["over the keys", "over the queries"]
    return draw_heatmaps(pair, titles=titles, figsize=(5.6, 2.9), lang=lang)


@figure
def heads(lang: Language = "en") -> Figure:
    """Four heads of a layer on one sentence, with its tokens at both axes."""
    sentence = ["the", "cup", "on", "the", "desk", "."]
    words = sorted(set(sentence))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        embedding = torch.nn.Embedding(len(words), 32)
        layer = torch.nn.MultiheadAttention(32, num_heads=4, batch_first=True)
    states = 4 * embedding(torch.tensor([[words.index(word) for word in sentence]]))
    _, weights = layer(states, states, states, average_attn_weights=False)
    return draw_heatmaps(
        weights,
        titles=[f"head {number}" for number in range(4)],
        xticklabels=sentence,
        yticklabels=sentence,
        lang=lang,
    )


# Reading heatmaps


@cache
def _read() -> tuple[Tensor, Tensor, Tensor]:
    """Return queries, keys and noisy weights, drawn in the order of the page."""
    draw = torch.Generator().manual_seed(3)
    queries, keys = torch.randn(2, 8, 16, generator=draw)
    return queries, keys, (0.02 * torch.randn(12, 12, generator=draw)).softmax(dim=-1)


def _pair() -> tuple[Tensor, Sequence[str]]:
    queries, keys, _ = _read()
    pair = [attention_weights(queries, keys, temperature=t) for t in (8.0, 0.2)]
    return torch.stack(pair), ["high temperature", "low temperature"]


@figure
def pair_misleading(lang: Language = "en") -> Figure:
    """Two panels that are each stretched to their own range, with one bar."""
    return draw_misleading(*_pair(), lang=lang)


@figure
def pair_shared(lang: Language = "en") -> Figure:
    """The same two panels on one scale."""
    pair, names = _pair()
    return draw_heatmaps(pair, titles=names, lang=lang)


@figure
def pair_panels(lang: Language = "en") -> Figure:
    """The same two panels, each with a bar of its own."""
    pair, names = _pair()
    return draw_heatmaps(pair, titles=names, scale="panel", lang=lang)


NEARLY_EQUAL = [[0.32, 0.33, 0.35]]


@figure
def equal_misleading(lang: Language = "en") -> Figure:
    """Three nearly equal weights, stretched to their own range."""
    return draw_misleading(torch.tensor(NEARLY_EQUAL), lang=lang)


@figure
def equal_honest(lang: Language = "en") -> Figure:
    """The same three weights on a scale that starts at zero."""
    return draw_heatmaps(torch.tensor(NEARLY_EQUAL), lang=lang)


@figure
def noise_misleading(lang: Language = "en") -> Figure:
    """Noise that looks like a pattern, stretched to its own range."""
    return draw_misleading(_read()[2], lang=lang)


@figure
def noise_honest(lang: Language = "en") -> Figure:
    """The same noise on a scale from zero to one."""
    return draw_heatmaps(_read()[2], vmin=0, vmax=1, lang=lang)


def _causal() -> tuple[Tensor, Tensor]:
    queries, keys, _ = _read()
    causal = torch.ones(8, 8, dtype=torch.bool).tril()
    return attention_weights(queries, keys, mask=causal, temperature=0.5), causal


@figure
def mask_misleading(lang: Language = "en") -> Figure:
    """Masked weights that look like small ones."""
    return draw_misleading(_causal()[0], lang=lang)


@figure
def mask_honest(lang: Language = "en") -> Figure:
    """The same weights, with a colour of its own for masked cells."""
    weights, causal = _causal()
    return draw_heatmaps(weights, mask=causal, lang=lang)


@figure
def axes_compared(lang: Language = "en") -> Figure:
    """Softmax over the keys and over the queries: both look like attention."""
    queries, keys, _ = _read()
    scores = queries @ keys.T / 4
    pair = torch.stack([scores.softmax(dim=-1), scores.softmax(dim=0)])
    return draw_heatmaps(pair, titles=["over the keys", "over the queries"], lang=lang)


@figure
def axes_sums(lang: Language = "en") -> Figure:
    """Softmax over the wrong axis, each row labelled with its sum."""
    queries, keys, _ = _read()
    wrong = (queries @ keys.T / 4).softmax(dim=0)
    sums = [f"{total:.2f}" for total in wrong.sum(dim=-1)]
    return draw_heatmaps(wrong, ylabel="Sum of the row", yticklabels=sums, lang=lang)


# Hard attention


@cache
def _hard() -> glimpse.Training:
    return glimpse.train(seed=0)


@cache
def _rewards() -> dict[str, list[float]]:
    without = glimpse.train(seed=0, baseline=False)
    soft = glimpse.train(seed=0, kind="soft")
    return {"hard": _hard().rewards, "no baseline": without.rewards, "soft": soft.rewards}


@figure
def glimpses(lang: Language = "en") -> Figure:
    """Four images, the window that a trained network looks at, and what it sees."""
    return draw_glimpses(_hard().looker, glimpse.draw_batch(1000, seed=1), lang=lang)


@figure
def rewards(lang: Language = "en") -> Figure:
    """The reward while hard and soft attention are trained."""
    return draw_rewards(_rewards(), lang=lang)


# Exercises


@cache
def _translator() -> translation.Translator:
    return translation.train(seed=0)


@figure
def translating(lang: Language = "en") -> Figure:
    """Attention while a sentence is translated token by token."""
    translated = _translator().translate("the red cup is not on the black table")
    return draw_heatmaps(
        translated.weights,
        xlabel="Source tokens: keys and values",
        ylabel="Target tokens: queries",
        xticklabels=translated.source,
        yticklabels=translated.target,
        lang=lang,
    )


def _matrix() -> Tensor:
    return torch.randn(10, 10, generator=torch.Generator().manual_seed(0))


@figure
def softmax_keys(lang: Language = "en") -> Figure:
    """A valid answer to the second exercise: softmax over the keys."""
    return _square(_matrix().softmax(dim=-1), lang)


@figure
def softmax_queries(lang: Language = "en") -> Figure:
    """A wrong answer to the second exercise: softmax over the queries."""
    return _square(_matrix().softmax(dim=0), lang)


@figure
def softmax_temperatures(lang: Language = "en") -> Figure:
    """The same matrix at four temperatures."""
    temperatures = [0.1, 0.5, 2, 10]
    sweep = torch.stack([(_matrix() / temperature).softmax(dim=-1) for temperature in temperatures])
    return draw_heatmaps(sweep, titles=[str(one) for one in temperatures], lang=lang)
