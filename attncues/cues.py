from .gaze import draw_cues as draw_cues
from .saliency import learn_objects
from .scenes import desk, desk_pair as desks


def learn(seed=1000):
    lesson = desk(seed)
    return learn_objects(lesson.image, lesson.boxes)
