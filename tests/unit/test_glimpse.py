"""Hard attention learns where to look, and REINFORCE estimates the right gradient."""

import functools
import re
from base64 import b64decode
from dataclasses import replace

import numpy as np
import pytest
import torch

from attncues import glimpse
from attncues.diagrams import draw_glimpses, draw_practice, draw_rewards
from attncues.glimpse import (
    NOISE,
    PLACES,
    SIDE,
    SIGNS,
    WINDOW,
    Looker,
    Training,
    draw_batch,
    evaluate,
    place_centres,
    policy_gradient,
    rewards_everywhere,
    sampled_gradients,
    spread,
    train,
)
from attncues.style import svg
from attncues.style.images import CellImage

UNSEEN = draw_batch(1000, seed=12345)


@functools.cache
def trained(seed: int) -> Training:
    return train(seed)


@functools.cache
def halfway() -> Looker:
    return train(0, steps=340).looker


# The task


def test_each_image_has_its_sign_where_it_says() -> None:
    batch = draw_batch(50, seed=0)
    assert batch.images.shape == (50, SIDE, SIDE)
    assert batch.images.min() >= 0
    assert batch.images.max() <= 1
    for image, label, centre in zip(*vars(batch).values(), strict=True):
        top, left = (int(middle - 1.5) for middle in centre)
        cut = image[top : top + 4, left : left + 4]
        assert ((cut > 0.5) == SIGNS[label].bool()).all()
        assert (image > NOISE).sum() == SIGNS[label].sum()
    assert set(batch.labels.tolist()) == {0, 1, 2, 3}


def test_a_window_is_the_part_of_the_image_around_its_place() -> None:
    image = torch.arange(SIDE * SIDE, dtype=torch.float32).reshape(1, SIDE, SIDE)
    windows = Looker().windows(image).reshape(36, WINDOW, WINDOW)
    for place, (row, column) in enumerate(place_centres().tolist()):
        top, left = round(row - 3.5), round(column - 3.5)
        inside = windows[place, max(0, -top) :, max(0, -left) :]
        meant = image[0, max(0, top) : top + WINDOW, max(0, left) : left + WINDOW]
        assert torch.equal(inside[: meant.shape[0], : meant.shape[1]], meant)


# Learning


@pytest.mark.thorough
@pytest.mark.parametrize("seed", [1, 2])  # the page trains with 0
def test_it_learns_to_look_at_the_sign(seed: int) -> None:
    looker = trained(seed).looker
    learned = evaluate(looker, UNSEEN)
    assert learned.reward > 0.95
    assert learned.distance < 2.5
    for looks in ("random", "centre"):
        other = evaluate(looker, UNSEEN, looks)
        assert other.reward < 0.45
        assert other.distance > 6


@pytest.mark.thorough
@pytest.mark.parametrize("seed", [1, 2])
def test_soft_attention_learns_the_same_task(seed: int) -> None:
    looker = train(seed, kind="soft").looker
    assert evaluate(looker, UNSEEN, "soft").reward > 0.8


@pytest.mark.thorough
def test_without_a_baseline_it_learns_too() -> None:
    assert evaluate(train(1, baseline=False).looker, UNSEEN).reward > 0.95


@pytest.mark.thorough
def test_a_baseline_takes_away_the_pull_of_a_reward_that_never_varies(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def named_the_same(count: int, draw: torch.Generator) -> glimpse.Batch:
        batch = draw_some(count, draw)
        return replace(batch, labels=torch.zeros_like(batch.labels))

    def moved(baseline: bool) -> float:
        """How far the query goes once each glimpse is rewarded."""
        before, after = (train(0, steps=steps, baseline=baseline) for steps in (100, 200))
        assert min(after.rewards[50:]) == 1
        return float((after.looker.query - before.looker.query).norm())

    draw_some = glimpse._draw
    monkeypatch.setattr(glimpse, "_draw", named_the_same)
    assert moved(baseline=True) < moved(baseline=False) / 10


def test_a_training_repeats_and_leaves_the_random_numbers_of_others_alone() -> None:
    torch.manual_seed(3)
    before = torch.random.get_rng_state()
    one, two = train(1, steps=20), train(1, steps=20)
    assert one.rewards == two.rewards
    assert torch.equal(one.looker.query, two.looker.query)
    assert torch.equal(torch.random.get_rng_state(), before)
    assert train(2, steps=20).rewards != one.rewards


def test_progress_is_reported() -> None:
    lines: list[str] = []
    train(0, steps=40, report=lines.append)
    assert [re.findall(r"\d+ of 40", line) for line in lines] == [
        [f"{step} of 40"] for step in (10, 20, 30, 40)
    ]


# The gradient


def test_the_exact_gradient_is_that_of_the_expected_reward() -> None:
    batch = draw_batch(16, seed=4)
    looker = Looker()
    rewards = rewards_everywhere(looker, batch)
    (looker.weights(batch.images) * rewards).sum(-1).mean().backward()
    assert looker.query.grad is not None
    expected = looker.query.grad
    torch.testing.assert_close(
        policy_gradient(looker, batch, rewards), expected, atol=1e-6, rtol=1e-4
    )


@pytest.mark.parametrize("baseline", [0.0, 0.6])
def test_sampled_gradients_agree_with_it_on_average(baseline: float) -> None:
    batch = draw_batch(64, seed=2)
    rewards = rewards_everywhere(halfway(), batch)
    exact = policy_gradient(halfway(), batch, rewards)
    samples = sampled_gradients(halfway(), batch, rewards, 20_000, baseline=baseline)
    standard_error = samples.std(0) / 20_000**0.5
    assert ((samples.mean(0) - exact).abs() < 4.5 * standard_error + 1e-7).all()


def test_a_baseline_lowers_the_variance() -> None:
    batch = draw_batch(64, seed=2)
    rewards = rewards_everywhere(halfway(), batch)
    mean = (halfway().weights(batch.images) * rewards).sum(-1).mean().item()
    assert 0.3 < mean < 0.9
    plain = sampled_gradients(halfway(), batch, rewards, 5000).var(0).sum()
    less = sampled_gradients(halfway(), batch, rewards, 5000, baseline=mean).var(0).sum()
    assert less < 0.9 * plain


# Errors and figures


def test_what_it_cannot_do_is_named() -> None:
    with pytest.raises(ValueError, match="'medium'"):
        train(kind="medium")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="at least one step"):
        train(steps=0)
    with pytest.raises(ValueError, match="'left'"):
        evaluate(Looker(), draw_batch(2, 0), "left")  # type: ignore[arg-type]


@pytest.mark.thorough
def test_the_figure_shows_the_window_that_was_chosen() -> None:
    batch = draw_batch(4, seed=1)
    figure = draw_glimpses(trained(1).looker, batch, 2)
    chosen = trained(1).looker.weights(batch.images[:2]).argmax(-1)
    frames = [axes.patches[0] for axes in figure.axes if axes.patches]
    assert len(frames) == 2
    for frame, place in zip(frames, chosen, strict=True):
        row, column = (place_centres()[place] + 0.5 - WINDOW / 2).tolist()
        assert frame.get_xy() == (column, row)  # type: ignore[attr-defined]
    assert figure.description.count("Image") == 2


def test_spread_counts_the_places_of_a_choice() -> None:
    weights = torch.zeros(3, PLACES)
    weights[0, 5] = 1
    weights[1, :9] = 1 / 9
    weights[2] = 1 / PLACES
    torch.testing.assert_close(spread(weights), torch.tensor([1.0, 9.0, PLACES]))


def test_practice_is_drawn_for_each_step_and_hands_all_of_it_to_a_page() -> None:
    lookers = {1: Looker(), 800: trained(1).looker}
    batch = draw_batch(20, seed=1)
    figure = draw_practice(lookers, batch)
    first, last = re.findall(r"among ([\d.]+) of 36 places, ([\d.]+) pixels", figure.description)
    assert float(first[0]) > 10 * float(last[0])
    assert float(first[1]) > 3 * float(last[1])
    # Below, all glimpses are shared out among the cells around the sign.
    around = [axes.get_children() for axes in figure.axes][1::2]
    for children in around:
        cells = next(one for one in children if isinstance(one, CellImage)).get_array()
        assert cells is not None
        assert float(cells.sum()) == pytest.approx(1, abs=1e-5)

    assert callable(figure.explorer)
    kind, data = figure.explorer()
    assert kind == "glimpse"
    assert data["steps"] == [1, 800]
    for looker, weights in zip(lookers.values(), data["lookers"], strict=True):
        for name, one in looker.state_dict().items():
            numbers = np.frombuffer(b64decode(weights[name]), "<f4")
            assert torch.equal(torch.from_numpy(numbers.copy()), one.detach().flatten())
    pixels = np.frombuffer(b64decode(data["images"]), np.uint8)
    torch.testing.assert_close(
        torch.from_numpy(pixels.copy()) / 255, batch.images.flatten(), atol=0.5 / 255 + 1e-6, rtol=0
    )
    assert data["words"].keys() == {"en", "zh"}
    assert data["words"]["en"].keys() == data["words"]["zh"].keys()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_figures_have_words_in_their_language(lang: str) -> None:
    looks = draw_glimpses(trained(1).looker, UNSEEN, lang=lang)  # type: ignore[arg-type]
    curve = draw_rewards({"hard": trained(1).rewards}, lang=lang)  # type: ignore[arg-type]
    practice = draw_practice({1: trained(1).looker}, UNSEEN, lang=lang)  # type: ignore[arg-type]
    for figure in (looks, curve, practice):
        words = re.sub(r"<[^>]*>", " ", svg(figure))
        assert bool(re.search("[\u4e00-\u9fff]", words)) == (lang == "zh")
        assert bool(re.search("[A-Za-z]{3,}", words)) == (lang == "en")


def test_curves_of_unknown_or_short_trainings_are_refused() -> None:
    with pytest.raises(ValueError, match="got supervised"):
        draw_rewards({"supervised": [0.1] * 30})
    with pytest.raises(ValueError, match="got 20"):
        draw_rewards({"hard": [0.1] * 10})
    with pytest.raises(ValueError, match="from 1 to 2 images"):
        draw_glimpses(Looker(), draw_batch(2, 0), 3)
    with pytest.raises(ValueError, match="got none"):
        draw_practice({}, draw_batch(2, 0))
