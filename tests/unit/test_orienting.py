"""A cue changes how fast a model reacts, as cues do in the laboratory."""

import pytest
import torch

from attncues.diagrams import draw_history, draw_orienting, draw_trials
from attncues.orienting import STEP, react, traces
from attncues.style import svg

DELAYS = [0, 50, 100, 300, 600, 1000]
SEEDS = range(5)


def gains(*, flash: bool, validity: float, seed: int) -> dict[int, float]:
    """By how much reactions on the cued side are faster, by the delay."""
    told = react(DELAYS, flash=flash, validity=validity, seed=seed)
    pairs = zip(told.valid, told.invalid, strict=True)
    return dict(zip(DELAYS, (other - cued for cued, other in pairs), strict=True))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_flash_that_tells_nothing_helps_at_first_and_hinders_later(seed: int) -> None:
    gain = gains(flash=True, validity=0.5, seed=seed)
    assert min(gain[0], gain[50], gain[100]) > 15
    assert max(gain[300], gain[600], gain[1000]) < -5


@pytest.mark.parametrize("seed", SEEDS)
def test_an_arrow_that_is_mostly_right_helps_slowly_and_for_long(seed: int) -> None:
    gain = gains(flash=False, validity=0.8, seed=seed)
    assert gain[0] < gain[100] < gain[300]
    assert gain[1000] > 0.9 * max(gain.values())
    flash = gains(flash=True, validity=0.5, seed=seed)
    assert gain[50] < flash[50]


@pytest.mark.parametrize("seed", SEEDS)
def test_an_arrow_is_followed_as_far_as_it_is_worth(seed: int) -> None:
    assert max(map(abs, gains(flash=False, validity=0.5, seed=seed).values())) < 6
    less, more = (gains(flash=False, validity=one, seed=seed) for one in (0.65, 0.95))
    assert 0 < less[600] < more[600]
    assert gains(flash=False, validity=0.2, seed=seed)[600] < -20


def test_validity_of_one_half_makes_sides_alike_without_a_flash() -> None:
    followed = traces(500, flash=False, validity=0.5)
    assert not followed.priority.any()
    assert len(followed.goal) == 500 // STEP


def test_inhibition_comes_from_the_reflex_and_outlasts_it() -> None:
    followed = traces(1000, flash=True, validity=0.5)
    assert followed.inhibition.argmax() > followed.reflex.argmax()
    assert followed.inhibition[-1] > followed.reflex[-1]
    assert not traces(1000, flash=False, validity=0.8).inhibition.any()


def test_the_same_seed_gives_the_same_times_and_another_gives_others() -> None:
    def times(seed: int) -> list[float]:
        return react([100], flash=True, validity=0.5, trials=50, seed=seed).valid

    assert times(1) == times(1) != times(2)


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="validity 2"):
        traces(100, flash=True, validity=2)
    with pytest.raises(ValueError, match="0 ms"):
        traces(0, flash=True, validity=0.5)
    with pytest.raises(ValueError, match="negative"):
        react([-5], flash=True, validity=0.5)
    with pytest.raises(ValueError, match="0 trials"):
        react([5], flash=True, validity=0.5, trials=0)


def test_the_figures_tell_what_they_show() -> None:
    followed = traces(600, flash=True, validity=0.5)
    figure = draw_orienting(followed, react([50, 600], flash=True, validity=0.5))
    assert "at 50 faster by" in figure.description
    assert "at 600 slower by" in figure.description
    chinese = svg(figure.again("zh")) if figure.again else ""
    assert "反应时" in chinese
    history = draw_history([0.2, 0.3, 0.9], [0.8, 0.7, 0.3], task=1)
    assert "wanted for 1 look." in history.description
    assert history.description.endswith("cup for 1 look.")
    assert "箭头" in draw_trials(lang="zh").description


def test_a_history_needs_as_many_looks_for_both() -> None:
    with pytest.raises(ValueError, match="1 looks for the cup and 2"):
        draw_history([0.1], [0.2, 0.3], task=1)


def test_shares_never_leave_a_reaction_without_time() -> None:
    told = react(range(0, 1001, 250), flash=True, validity=1.0, trials=200)
    assert torch.tensor([*told.valid, *told.invalid]).isfinite().all()
