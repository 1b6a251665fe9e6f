"""Count how often what few looks teach finds an object elsewhere: python tests/bench/lessons.py.

For each number of looks, twenty lessons of as many desks, none of them twice; each lesson is
put to the test on 200 other desks. The pages learn from five looks, and this is why: on about
one desk in eight the cup lies so near the book that its halo is learned along with the book.
Of two or three looks such desks can be the greater part; five always stood two of them.
"""

import torch

from attncues.saliency import feature_maps, target_query, target_weights
from attncues.scenes import desk

LOOKS, LESSONS = (1, 2, 3, 5, 8), 20
UNSEEN = range(2000, 2200)


def main() -> None:
    """Print a table: the share of desks on which an object is found, by lesson."""
    lessons = [desk(seed) for seed in range(max(LOOKS) * LESSONS)]
    maps = feature_maps(torch.stack([lesson.image for lesson in lessons]))
    names = list(lessons[0].boxes)
    tried = [
        (name, looks, number) for name in names for looks in LOOKS for number in range(LESSONS)
    ]
    queries = []
    for name, looks, number in tried:
        used = slice(looks * number, looks * (number + 1))
        boxes = [lesson.boxes[name] for lesson in lessons[used]]
        queries.append(target_query(target_weights(maps[used], boxes)))
    asked = torch.stack(queries)
    hits = torch.zeros(len(tried))
    for seed in UNSEEN:
        scene = desk(seed)
        places = (asked @ feature_maps(scene.image).flatten(1)).argmax(1).tolist()
        on = [scene.object_at(*divmod(place, scene.image.shape[1])) for place in places]
        hits += torch.tensor([one == name for one, (name, _, _) in zip(on, tried, strict=True)])
    shares = (hits / len(UNSEEN)).reshape(len(names), len(LOOKS), LESSONS)
    print("object      looks   mean  worst  lessons of 95 % or more")
    for name, its_shares in zip(names, shares, strict=True):
        for looks, share in zip(LOOKS, its_shares, strict=True):
            enough = int((share >= 0.95).sum())
            print(
                f"{name:10} {looks:6} {share.mean():6.3f} {share.min():6.3f} "
                f"{enough:15} of {LESSONS}"
            )


if __name__ == "__main__":
    main()
