"""A training computes on one thread of torch, and leaves others what they had set."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

import pytest
import torch

from attncues import glimpse, translation

Train: TypeAlias = Callable[[Callable[[str], None]], object]


@pytest.fixture(autouse=True)
def three_threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    yield
    torch.set_num_threads(before)


def look(report: Callable[[str], None]) -> object:
    return glimpse.train(steps=4, report=report)


def translate(report: Callable[[str], None]) -> object:
    return translation.train(data=translation.corpus(train=20, test=0), epochs=2, report=report)


@pytest.mark.parametrize("train", [look, translate])
def test_a_training_takes_one_thread_and_gives_the_others_back(train: Train) -> None:
    during: list[int] = []
    train(lambda line: during.append(torch.get_num_threads()))
    assert set(during) == {1}
    assert torch.get_num_threads() == 3


@pytest.mark.parametrize("train", [look, translate])
@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_training_that_breaks_off_gives_them_back_too(
    train: Train, error: type[BaseException]
) -> None:
    during: list[int] = []

    def stop(line: str) -> None:
        during.append(torch.get_num_threads())
        raise error

    with pytest.raises(error):
        train(stop)
    assert during == [1]
    assert torch.get_num_threads() == 3
