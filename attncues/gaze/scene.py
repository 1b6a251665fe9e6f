"""Figures of scenes and photographs, and of the gaze on them."""

from collections.abc import Sequence

from torch import Tensor

from ..scenes import Scene
from ..style import Figure, Language, in_both_languages, look, words_in
from ..style.images import Photograph
from ..words.gaze import WORDS
from .artists import Drawing, Place, canvas, frame, mark
from .telling import sentences, tell_objects, tell_path


@in_both_languages
def draw_scene(
    scene: Scene | Tensor, path: Sequence[Place] = (), *, lang: Language = "en"
) -> Figure:
    """Draw a scene or a photograph, and the gaze on it.

    Args:
        scene: A scene, drawn sharp, or the pixels of a photograph, shape (H, W, 3) in [0, 1].
        path: The rows and columns that are looked at, in order; a single one for one gaze.
        lang: "en" or "zh".

    Returns:
        A figure that the caller owns, described in words.

    Raises:
        TypeError: `scene` is neither.
        ValueError: `lang` is none of these, or the photograph has another shape, dtype or range.

    Examples:
        >>> from attncues.gaze import draw_scene
        >>> from attncues.saliency import fixate, priority
        >>> from attncues.scenes import desk
        >>> scene = desk()
        >>> figure = draw_scene(scene, path=[fixate(priority(scene.image))])
        >>> figure.savefig("desk.svg")
    """
    words = words_in(lang, WORDS)
    if isinstance(scene, Tensor):
        _check_photograph(scene)
    elif not isinstance(scene, Scene):
        raise TypeError(f"a Scene or a torch.Tensor can be drawn, got {type(scene).__name__}")
    pixels = scene.image if isinstance(scene, Scene) else scene.detach().cpu().float()
    height, width = pixels.shape[:2]
    with look():
        figure, axes = canvas(height, width)
        if isinstance(scene, Scene):
            axes.add_artist(Drawing(scene))
            if "target" in scene.boxes:  # a reader could miss it as well
                dashed = {"edgecolor": "white", "linewidth": 1, "linestyle": (0, (3, 2))}
                frame(axes, scene.boxes["target"], apart=3, **dashed)
            seen, told = "scene", tell_objects(scene, words)
        else:
            axes.add_artist(Photograph(axes, pixels.numpy(), (0, width, height, 0)))
            seen, told = "photograph", words["pixels"].format(width=width, height=height)
        mark(axes, path)
    figure.title = words[seen] + (words["with gaze"] if path else "")
    figure.description = sentences(words, told, tell_path(path, scene, (height, width), words))
    return figure


def _check_photograph(pixels: Tensor) -> None:
    if pixels.dim() != 3 or pixels.shape[-1] != 3:
        raise ValueError(f"a photograph has shape (H, W, 3), got {tuple(pixels.shape)}")
    if not pixels.is_floating_point():
        raise ValueError(f"a photograph is floating point in [0, 1], got {pixels.dtype}")
    low, high = (end.item() for end in pixels.detach().aminmax())
    if not (low >= 0 and high <= 1):
        raise ValueError(f"a photograph lies in [0, 1], got values from {low} to {high}")
