"""The cells of the page “For the curious: cues in the laboratory”."""

# %% trials tags=["figure", "hide-input"]
from attncues.diagrams import draw_trials

two_kinds_left_box_flashes_or_arrow_points_to_the_left = (
    draw_trials().description.count("left box") == 2
)
draw_trials()

# %% simulate
from attncues.diagrams import draw_orienting
from attncues.orienting import ACTION, DECISION, react, traces

delays = [0, 50, 100, 150, 200, 300, 400, 600, 800, 1000]


def experiment(**cue):
    """Follow the traces of a cue, and measure reactions to targets."""
    return traces(1000, **cue), react(delays, **cue, trials=4000)


# %% put-in tags=["hide-cell"]
decision, action = DECISION, ACTION

# %% after-a-flash tags=["figure"]
flash = experiment(flash=True, validity=0.5)
draw_orienting(*flash)


# %% flash-checked tags=["hide-input"]
def gains(reactions):
    """Say by how much reactions on the cued side are faster, by the delay."""
    faster = [
        other - told
        for told, other in zip(reactions.valid, reactions.invalid)
    ]
    return dict(zip(reactions.delays, faster))


by_flash = gains(flash[1])
best_for_flash = max(by_flash, key=by_flash.get)
flash_gain = by_flash[best_for_flash]
worst_for_flash = min(by_flash, key=by_flash.get)
flash_loss = -by_flash[worst_for_flash]
soon_after_the_flash_reactions_on_its_side_are_faster = all(
    by_flash[delay] > 0 for delay in (0, 50, 100, 150)
)
late_after_a_flash_valid_is_slower = all(
    by_flash[delay] < 0 for delay in delays if delay >= 300
)
last_early, first_late = 150, 300
reflex, inhibition = flash[0].reflex, flash[0].inhibition
reflex_is_gone_while_inhibition_stays = bool(
    reflex[-1] < 0.01 < 0.1 < inhibition[-1]
)
inhibition_is_weaker_than_the_reflex_and_lasts_longer = bool(
    inhibition.max() < reflex.max() and inhibition[-1] > reflex[-1]
)

# %% after-an-arrow tags=["figure"]
arrow = experiment(flash=False, validity=0.8)
draw_orienting(*arrow)

# %% arrow-checked tags=["hide-input"]
by_arrow = gains(arrow[1])
early, last = 50, delays[-1]
arrow_gain_early, arrow_gain_late, flash_gain_early = (
    by_arrow[early],
    by_arrow[last],
    by_flash[early],
)
arrow_gains_less_than_flash_at_first = by_arrow[early] < by_flash[early]
arrow_gains_more_than_flash_late = all(
    by_arrow[delay] > by_flash[delay] for delay in delays if delay >= 150
)
reactions_after_a_valid_arrow_are_never_slower = min(by_arrow.values()) > 0
arrow_effect_lasts = by_arrow[last] > 0.9 * max(by_arrow.values())
neutral = arrow[1].neutral
benefit, cost = neutral - arrow[1].valid[-1], arrow[1].invalid[-1] - neutral
costs_are_larger_than_benefits = cost > benefit

# %% no-news
no_news = react(delays, flash=False, validity=0.5, trials=4000)

# %% no-news-checked tags=["hide-input"]
at_most_of_no_news = max(map(abs, gains(no_news).values()))
arrow_without_news_changes_nothing = at_most_of_no_news < 5
flash_without_news_tells_nothing_either_and_works = (
    flash_gain > 5 * at_most_of_no_news
)

# %% after-both tags=["figure"]
both = experiment(flash=True, validity=0.8)
draw_orienting(*both)

# %% both-checked tags=["hide-input"]
by_both = gains(both[1])
between = min((delay for delay in delays if delay > 50), key=by_both.get)
at_100_peak_of_both, low_of_both, end_of_both = (
    by_both[100],
    by_both[between],
    by_both[last],
)
valid_stays_faster_at_all_delays = min(by_both.values()) > 0
gain_falls_and_rises_again = (
    at_100_peak_of_both > low_of_both + 5 and end_of_both > low_of_both + 5
)

# %% lessons tags=["hide-input"]
import torch
from attncues.gaze import draw_scene
from attncues.saliency import (
    bottom_up,
    feature_maps,
    fixate,
    learn_objects,
    mix,
    scan_path,
    top_down,
)
from attncues.scenes import desk

lessons = [desk(seed) for seed in range(1000, 1005)]
images = torch.stack([lesson.image for lesson in lessons])
weights = learn_objects(images, [lesson.boxes for lesson in lessons])


# %% look-for
def look_for(thing, scene, fixations=5):
    """Look around a scene with a task, and return where the gaze rests."""
    maps = feature_maps(scene.image)
    match = top_down(maps, weights[thing])
    wanted = mix(bottom_up(maps), match, 0.7)
    return scan_path(wanted, fixations, radius=1 / 6)


# %% path-for-the-cup tags=["figure"]
scene = desk()
for_cup = look_for("cup", scene)
draw_scene(scene, for_cup)


# %% cup-checked tags=["hide-input"]
def on(path, scene):
    """Name what each fixation is on."""
    return [scene.object_at(*place) for place in path]


fixations = len(for_cup)
on_cup = on(for_cup, scene).count("cup")
path_from_cup_begins_on_the_cup = on(for_cup, scene)[0] == "cup"
most_fixations_are_on_the_cup = on_cup > fixations / 2

# %% path-for-the-book tags=["figure"]
for_book = look_for("book", scene)
draw_scene(scene, for_book)

# %% book-checked tags=["hide-input"]
on_book = on(for_book, scene).count("book")
path_from_book_begins_on_the_book = on(for_book, scene)[0] == "book"
most_fixations_are_on_the_book = on_book > fixations / 2
cup_is_never_looked_at = "cup" not in on(for_book, scene)
desks = [desk(seed) for seed in range(1, 11)]
paths = [
    {thing: on(look_for(thing, one), one) for thing in ("cup", "book")}
    for one in desks
]
count_of_desks = len(desks)


def share(thing, wanted):
    """Tell what share of all fixations is on a thing, when one is wanted."""
    return sum(path[wanted].count(thing) for path in paths) / (
        fixations * count_of_desks
    )


cup_share, book_share = share("cup", "cup"), share("book", "book")
cup_share_by_book, book_share_by_cup = (
    share("cup", "book"),
    share("book", "cup"),
)

# %% habit-start tags=["hide-input"]
maps = feature_maps(scene.image)
seen, match = bottom_up(maps), top_down(maps, weights["book"])
habit, fading, task = 0.0, 0.1, 12
looks = []

# %% habit
for number in range(30):
    searching = number < task
    wanted = mix(seen, match, 0.8 if searching else 0.0)
    looks.append(mix(wanted, match, habit))
    habit += fading * (searching - habit)  # each search leaves a trace

# %% history tags=["figure", "hide-input"]
from attncues.diagrams import draw_history


def highest(name):
    """Find the highest priority at an object, look by look."""
    top, bottom, left, right = scene.boxes[name]
    return [one[top:bottom, left:right].max().item() for one in looks]


draw_history(highest("cup"), highest("book"), task)

# %% history-checked tags=["hide-input"]
looked_at = [scene.object_at(*fixate(one)) for one in looks]
after_task = looked_at[task:]
lasting = after_task.index("cup")
habit_at_the_end_of_the_task = 1 - (1 - fading) ** task
book_is_looked_at_in_every_search = set(looked_at[:task]) == {"book"}
book_still_wins_after_the_task = lasting > 0 and set(
    after_task[:lasting]
) == {"book"}
cup_wins_again_in_the_end = set(after_task[lasting:]) == {"cup"}
before_any_task = scene.object_at(*fixate(seen))
same_picture_as_before_the_task_when_cup_wins = before_any_task == "cup"

# %% against
warned = experiment(flash=True, validity=0.2)
(
    warned[1].valid[1] < warned[1].invalid[1],
    warned[1].valid[-1] < warned[1].invalid[-1],
)

# %% against-checked tags=["hide-input"]
by_warned = gains(warned[1])
flashed_side_is_faster_at_first = by_warned[early] > 0
flashed_side_is_slower_late = by_warned[last] < 0
faster_side_early_and_late = " then ".join(
    "flashed" if by_warned[delay] > 0 else "other"
    for delay in (early, last)
)

# %% rates
rate = 1 / 120
120 - 1 / (1.4 * rate), 1 / (0.6 * rate) - 120

# %% rates-checked tags=["hide-input"]
saved, lost = 120 - 1 / (1.4 * rate), 1 / (0.6 * rate) - 120
more_is_lost_than_saved = lost > saved
what_is_larger = (
    "cost" if lost > saved else "gain" if saved > lost else "neither"
)

# %% lone-measurement
gains(flash[1])[200], gains(flash[1])[50], gains(flash[1])[600]

# %% lone-checked tags=["hide-input"]
gain_at_200, gain_at_50, gain_at_600 = (
    by_flash[200],
    by_flash[50],
    by_flash[600],
)
at_200_ms_there_is_nearly_no_effect = abs(gain_at_200) < 6
why_nothing_is_seen_at_200_ms = (
    "they cancel"
    if at_200_ms_there_is_nearly_no_effect
    and gain_at_50 > 6 > -6 > gain_at_600
    else "too early"
    if gain_at_600 > 6
    else "nothing"
)
