"""Reactions to a target after a cue: Posner's experiment (1980), by a model of priority.

A target appears on the left or on the right, some time after a cue. Three traces decide the
priority of the cued side: a reflex, which a flash sets off and which soon fades; an inhibition,
which the reflex leaves behind and which fades slowly; and a goal, which follows slowly what
the cue tells of the target, and stays. A softmax over the two sides turns priority into shares
of attention, and evidence for the target grows at a rate that is proportional to the share of
its side, with noise, until it is enough to react.

Time constants and strengths are put in, after the courses that are found in people (Posner & Cohen
1984, Müller & Rabbitt 1989), and so is the time of a reaction without a cue; what comes out is how
much a cue changes it. The model is of this package, and as small as can be.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from .numbers import check_count, check_number, check_seed
from .threads import one_thread

STEP = 2
"""The model goes on in steps of so many milliseconds; all times are in milliseconds."""
FLASH = 50
"""How long a flash lasts, and how long it takes to be seen."""
REFLEX, INHIBITION, GOAL = 120, 1000, 150
"""The time constants of the three traces."""
STRENGTH = 2.4
"""What a flash that does not end would raise the reflex to."""
LEFT_BEHIND = 2.6
"""What a reflex of one that does not end would raise inhibition to."""
READING = 100
"""How long it takes to understand an arrow."""
DECISION, ACTION = 120, 180
"""How long a decision takes on average without a cue, and all that is not decision."""
NOISE = 0.03
"""Of the evidence, in a square root of a millisecond; enough evidence is one."""
LATEST = 1200
"""A decision that takes longer is not counted."""


@dataclass(frozen=True)
class Traces:
    """What raises and lowers the priority of the cued side, each `STEP` after the cue.

    Attributes:
        reflex: Shape (times,), not negative.
        inhibition: Shape (times,), not negative; it counts against the side.
        goal: Shape (times,); positive if the target is likely on the cued side.
    """

    reflex: Tensor
    inhibition: Tensor
    goal: Tensor

    @property
    def priority(self) -> Tensor:
        """The priority of the cued side less that of the other: the three traces together."""
        return self.reflex - self.inhibition + self.goal


def traces(until: int, *, flash: bool, validity: float) -> Traces:
    """Follow the three traces after a cue.

    Each moves towards what drives it, the faster the shorter its time constant. The reflex is
    driven by the flash, inhibition by the reflex, and the goal by what the cue is worth: the
    chance that the target is on the cued side less the chance that it is not.

    Args:
        until: How many milliseconds are followed, at least one.
        flash: Whether the cue is a flash on its side; otherwise it is an arrow in the middle.
        validity: In what share of all trials the target is on the cued side, from 0 to 1.

    Returns:
        The traces from the onset of the cue on.

    Raises:
        TypeError: `until` is not a whole number, or validity not a number.
        ValueError: There is less than one, or validity is not in [0, 1].

    Examples:
        >>> from attncues.orienting import traces
        >>> flash, arrow = (traces(500, flash=one, validity=0.8) for one in (True, False))
        >>> bool(flash.priority[40] > arrow.priority[40])
        True
    """
    check_count("until", until)
    check_number("validity", validity)
    if until < 1 or not 0 <= validity <= 1:
        raise ValueError(f"got {until} ms and validity {validity}: at least 1, and from 0 to 1")
    reflex = inhibition = goal = 0.0
    followed = []
    for time in range(0, until, STEP):
        followed.append((reflex, inhibition, goal))
        lit = STRENGTH if flash and FLASH <= time < 2 * FLASH else 0.0
        known = 2 * validity - 1 if time >= READING else 0.0
        inhibition += (LEFT_BEHIND * reflex - inhibition) * STEP / INHIBITION
        reflex += (lit - reflex) * STEP / REFLEX
        goal += (known - goal) * STEP / GOAL
    return Traces(*torch.tensor(followed).T)


@dataclass(frozen=True)
class Reactions:
    """Mean reaction times in milliseconds, by the time between cue and target.

    Attributes:
        delays: The times between the onsets of cue and target.
        valid: For targets on the cued side, one for each delay.
        invalid: For targets on the other side.
        neutral: Without a cue, whatever the delay.
    """

    delays: list[int]
    valid: list[float]
    invalid: list[float]
    neutral: float


@one_thread()
def react(
    delays: Sequence[int], *, flash: bool, validity: float, trials: int = 1000, seed: int = 0
) -> Reactions:
    """Simulate reactions to targets on the cued side, on the other, and without a cue.

    Args:
        delays: Milliseconds from the onset of the cue to that of the target.
        flash: As in `traces`.
        validity: As in `traces`.
        trials: How many of each kind at each delay.
        seed: Decides the noise.

    Returns:
        Mean reaction times.

    Raises:
        TypeError: As `traces`, or trials or the seed are not whole numbers.
        ValueError: As `traces`; there is no trial, or a delay is negative.

    Examples:
        >>> from attncues.orienting import react
        >>> reactions = react([100, 600], flash=True, validity=0.5)
        >>> [told < other for told, other in zip(reactions.valid, reactions.invalid)]
        [True, False]
    """
    check_count("trials", trials)
    check_seed(seed)
    if trials < 1 or not delays or min(delays) < 0:
        raise ValueError(f"got {trials} trials and delays {list(delays)}: too few, or negative")
    cued = traces(max(delays) + LATEST + STEP, flash=flash, validity=validity).priority.sigmoid()
    share = torch.stack([cued[delay // STEP :][: LATEST // STEP] for delay in delays])
    shares = torch.cat([share, 1 - share, torch.full((1, LATEST // STEP), 0.5)])
    means = _decide(shares, trials, seed) + ACTION
    count = len(delays)
    valid, invalid, neutral = means[:count], means[count:-1], means[-1]
    return Reactions(list(delays), valid.tolist(), invalid.tolist(), neutral.item())


def _decide(shares: Tensor, trials: int, seed: int) -> Tensor:
    """Let evidence grow with the share of attention (kinds, times), and time the decisions."""
    draw = torch.Generator().manual_seed(seed)
    evidence = torch.zeros(len(shares), trials)
    taken = torch.full_like(evidence, torch.nan)
    for time, share in enumerate(shares.T, start=1):
        noise = NOISE * STEP**0.5 * torch.randn(evidence.shape, generator=draw)
        evidence += 2 * share[:, None] * STEP / DECISION + noise
        taken[taken.isnan() & (evidence >= 1)] = time * STEP
        if not taken.isnan().any():
            break
    return taken.nanmean(dim=-1)
