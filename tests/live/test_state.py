"""What a live cell finds of the cells above it: code that makes the same variables again.

If one fails, see attncues/live.py, which writes it.
"""

import math
from typing import Any

import torch
from hypothesis import given
from hypothesis import strategies as st

from attncues import attention_weights, saliency, show_heatmaps
from attncues.live import state

NUMBERS = st.integers(-(10**6), 10**6) | st.floats(width=32)


def made_again(space: dict[str, Any], sources: tuple[str, ...] = ()) -> dict[str, Any]:
    again: dict[str, Any] = {}
    for line in state(space, sources)["lines"]:
        exec(line, again)
    return again


@given(
    st.lists(st.floats(width=32), min_size=1, max_size=30),
    st.sampled_from([torch.float32, torch.float64, torch.int64, torch.bool]),
    st.booleans(),
)
def test_tensors_come_back_number_by_number(
    data: list[float], dtype: torch.dtype, in_column: bool
) -> None:
    tensor = torch.tensor(data, dtype=torch.float64).nan_to_num(posinf=9, neginf=-9).to(dtype)
    if dtype.is_floating_point:
        tensor = torch.tensor(data, dtype=dtype)
    tensor = tensor[:, None] if in_column else tensor
    again = made_again({"tensor": tensor, "torch": torch})["tensor"]
    assert again.dtype == dtype
    assert again.shape == tensor.shape
    assert torch.equal(again.double().nan_to_num(7), tensor.double().nan_to_num(7))


@given(
    st.recursive(
        NUMBERS | st.text(max_size=5) | st.none(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.text(max_size=3), inner, max_size=3)
            | st.tuples(inner, inner)
        ),
        max_leaves=8,
    )
)
def test_plain_values_come_back(value: Any) -> None:
    again = made_again({"value": value, "torch": torch})["value"]
    assert repr(again) == repr(value)


def test_generators_go_on_where_they_were() -> None:
    draw = torch.Generator().manual_seed(3)
    torch.randn(10, 10, generator=draw)
    (line,) = state({"draw": draw}, ())["lines"]
    drawn = int(line.partition("._skip(")[2].rstrip(")"))
    again = torch.Generator().manual_seed(3)
    torch.rand(drawn, generator=again)
    assert torch.equal(torch.rand(5, generator=again), torch.rand(5, generator=draw))


def test_functions_and_imports_come_back_and_the_rest_is_named() -> None:
    source = "def twice(x):\n    return 2 * x\n\ndef seen(x):\n    return twice(desk)\n"
    space: dict[str, Any] = {"__name__": "__main__", "torch": torch, "math": math}
    exec(source, space)
    space |= {"weigh": attention_weights, "show_heatmaps": show_heatmaps, "desk": object()}
    space |= {"maps": saliency.feature_maps, "large": torch.zeros(1000), "_hidden": 1}
    said = state({name: one for name, one in space.items() if name[:2] != "__"}, (source,))
    assert said["absent"] == ["desk", "large", "maps", "seen"]
    again: dict[str, Any] = {}
    for line in said["lines"]:
        exec(line, again)
    assert again["twice"](3) == 6
    assert again["weigh"] is attention_weights
    assert "_hidden" not in again
