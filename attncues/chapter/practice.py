"""The cells of the page “Practice in the page”."""

# %% softmax-starter tags=["live"]
import torch


def softmax(scores):
    """Turn each row of scores (..., keys) into weights that sum to one."""
    return scores / scores.sum(dim=-1, keepdim=True)


softmax(torch.tensor([[1.0, 2.0, 3.0]]))

# %% softmax-begun tags=["hide-cell"]
from attncues.practice import OBJECTS, check

failed_at_first = [check("softmax", globals()).failed]


# %% softmax-solution
def softmax(scores):
    """Turn each row of scores (..., keys) into weights that sum to one."""
    shifted = scores - scores.amax(dim=-1, keepdim=True)
    exponentials = shifted.exp()
    return exponentials / exponentials.sum(dim=-1, keepdim=True)


# %% softmax-checked tags=["hide-input"]
exponential_of_a_thousand_is_too_large = (
    torch.tensor(1000.0).exp().item() == torch.inf
)
softmax_passes_all_cases = check("softmax", globals()).failed == 0


# %% pooling-starter tags=["live"]
def pool(queries, keys, values, mask):
    """Average the values for each query; True in a mask allows a key."""
    scores = queries @ keys.transpose(-2, -1)
    return scores.softmax(dim=-1) @ values


pool(torch.eye(2), torch.eye(2), torch.eye(2), torch.eye(2) > 0)

# %% pooling-begun tags=["hide-cell"]
failed_at_first.append(check("pooling", globals()).failed)


# %% pooling-solution
def pool(queries, keys, values, mask):
    """Average the values for each query; True in a mask allows a key."""
    scores = queries @ keys.transpose(-2, -1) / keys.shape[-1] ** 0.5
    return scores.where(mask, -torch.inf).softmax(dim=-1) @ values


# %% pooling-checked tags=["hide-input"]
pooling_passes_all_cases = check("pooling", globals()).failed == 0


# %% two-heads
from attncues import show_heatmaps

sure = torch.tensor([[0.9, 0.1, 0.0], [0.8, 0.1, 0.1], [0.0, 0.1, 0.9]])
unsure = torch.tensor([[0.4, 0.3, 0.3], [0.4, 0.3, 0.3], [0.3, 0.3, 0.4]])
heads = torch.stack([sure, unsure])


# %% shades-starter tags=["live"]
def shades(panels):
    """Say how red to draw weights (panels, queries, keys): 0 is white."""
    low = panels.amin(dim=(-2, -1), keepdim=True)
    high = panels.amax(dim=(-2, -1), keepdim=True)
    return ((panels - low) / (high - low)).transpose(-2, -1)


show_heatmaps(shades(heads)[None], "Keys", "Queries", vmax=1)

# %% shades-begun tags=["hide-cell"]
_first, _second = shades(heads).amax(dim=(-2, -1)).tolist()
_palest = shades(heads).amin(dim=(-2, -1)).tolist()
each_panel_has_a_white_cell_and_a_cell_of_full_red = (
    _palest == [0, 0] and _first == 1 and _second == 1
)
two_heads_look_equally_strong = _first == _second
failed_at_first.append(check("shades", globals()).failed)


# %% shades-solution
def shades(panels):
    """Say how red to draw weights (panels, queries, keys): 0 is white."""
    return panels / panels.max()


show_heatmaps(shades(heads)[None], "Keys", "Queries", vmax=1)

# %% shades-checked tags=["hide-input"]
mended_shades_pass_all_cases = check("shades", globals()).failed == 0
_first, _second = shades(heads).amax(dim=(-2, -1)).tolist()
second_head_is_fainter_than_the_first = _second < _first

# %% grey-desks tags=["hide-input"]
from attncues.saliency import feature_maps
from attncues.scenes import RED, desk

_grey = (sum(RED) / 3,) * 3
_places = set()


def _keys_of(seed):
    scene = desk(seed, cup_color=_grey)
    maps = feature_maps(scene.image)
    bare = torch.ones(maps.shape[1:], dtype=torch.bool)
    rows = []
    for top, bottom, left, right in scene.boxes.values():
        rows.append(maps[:, top:bottom, left:right].amax(dim=(-2, -1)))
        bare[top:bottom, left:right] = False
    _places.add((*scene.boxes, "desk"))  # a bare place
    return torch.stack([*rows, maps[:, bare].median(dim=-1).values])


desks = torch.stack([_keys_of(seed) for seed in range(5)]).round(decimals=3)
keys = desks[0]
six_places_newspaper_paper_cup_notebook_book_and_a_bare_place = (
    _places == {OBJECTS} and len(OBJECTS) == 6
)
all_columns_of_colour_are_empty = not desks[..., 2:].any()
_dark = desks[..., 1]
on_every_desk_of_book_and_cup_the_book_is_darker = bool(
    (_dark[:, OBJECTS.index("book")] > _dark[:, OBJECTS.index("cup")]).all()
)
keys

# %% query-starter tags=["live"]
query = torch.tensor([0.0, 0.0, 1.0, 0.0, 0.0, 0.0])
keys @ query

# %% query-begun tags=["hide-cell"]
failed_at_first.append(check("query", globals()).failed)

# %% query-solution
query = torch.tensor([-1.0, 1.0, 0.0, 0.0, 0.0, 0.0])
(keys @ query).round(decimals=3)

# %% query-checked tags=["hide-input"]
cup_wins_on_all_desks = check("query", globals()).failed == 0


# %% scores-starter tags=["live"]
def dot(queries, keys):
    """Score each key (keys, d) for each query (queries, d)."""
    return queries @ keys.transpose(-2, -1)


def scaled(queries, keys):
    """Divide by the square root of d."""
    return dot(queries, keys)


def gauss(queries, keys):
    """Take minus half the squared distance."""
    return dot(queries, keys)


# %% scores-begun tags=["hide-cell"]
failed_at_first.append(check("scores", globals()).failed)
no_cell_passes_as_it_stands = min(failed_at_first) > 0


# %% scores-solution
def dot(queries, keys):
    """Score each key (keys, d) for each query (queries, d)."""
    return queries @ keys.transpose(-2, -1)


def scaled(queries, keys):
    """Divide by the square root of d."""
    return dot(queries, keys) / queries.shape[-1] ** 0.5


def gauss(queries, keys):
    """Take minus half the squared distance."""
    apart = queries.unsqueeze(-2) - keys.unsqueeze(-3)
    return -apart.square().sum(dim=-1) / 2


# %% scores-checked tags=["hide-input"]
scores_pass_all_cases = check("scores", globals()).failed == 0
each_solution_has_passed_the_same_cases = (
    softmax_passes_all_cases
    and pooling_passes_all_cases
    and mended_shades_pass_all_cases
    and cup_wins_on_all_desks
    and scores_pass_all_cases
)
