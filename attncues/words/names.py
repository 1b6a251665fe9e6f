"""What figures call things that code calls by a short English name."""

from collections.abc import Sequence

from . import Language

_CHINESE = {
    "Keys": "键",
    "Queries": "查询",
    "Objects": "物体",
    "Temperature": "温度",
    "Layer and query": "层与查询",
    "Sum of the row": "每行之和",
    "Attention weights": "注意力权重",
    "Source tokens: keys and values": "源词元：键与值",
    "Target tokens: queries": "目标词元：查询",
    "layer 1": "第 1 层",
    "layer 2": "第 2 层",
    "weights": "权重",
    "weights × norms": "权重 × 范数",
    "over the keys": "沿着键",
    "over the queries": "沿着查询",
    "high temperature": "高温",
    "low temperature": "低温",
    "newspaper": "报纸",
    "paper": "论文",
    "cup": "咖啡杯",
    "notebook": "笔记本",
    "book": "书",
    "nothing in particular": "没有特别想找的",
    "anything": "什么都行",
    "the cup": "找咖啡杯",
    "the book": "找书",
    "the newspaper": "找报纸",
    "bright": "亮",
    "dark": "暗",
    "red": "红",
    "green": "绿",
    "blue": "蓝",
    "yellow": "黄",
    "across": "横向",
    "up": "纵向",
    **{f"panels {number}": f"第 {number} 列" for number in range(3)},
    **{f"head {number}": f"头 {number}" for number in range(4)},
}
_CHINESE |= {"average": "平均汇聚", "max": "最大汇聚", "fully connected": "全连接层"}
_CHINESE |= {f"attention, {one}": f"注意力汇聚，{_CHINESE[one]}" for one in ("book", "cup")}

_CHINESE |= {"Heads": "头", "Layers": "层"}
_CHINESE |= {"English: keys": "英语：键", "Portuguese: queries": "葡萄牙语：查询"}
_CHINESE |= {"previous token": "前一个词元", "induction": "归纳", "first token": "第一个词元"}
_CHINESE |= {"punctuation": "标点"}
_CHINESE |= {
    "a sentence": "一句话",
    "code": "代码",
    "a pattern, repeated": "一串词，重复出现",
    "a sentence in Chinese": "一句中文",
}
_CHINESE |= {"Training inputs": "训练输入", "Where we ask": "查询的位置"}
_CHINESE |= {f"width {width}": f"宽度 {width}" for width in (0.02, 0.3, 3.0)}
_CHINESE |= {
    "nothing stands out: the priority map is the same everywhere": "没有什么突出，优先级图处处相同"
}

NAMES: dict[str, dict[str, str]] = {
    "en": {name: name for name in _CHINESE} | {"paper": "research paper"},
    "zh": _CHINESE,
}
"""What figures and sentences call the things that code names; the same entries in each."""

_LABELS: dict[str, dict[str, str]] = {"en": {}, "zh": _CHINESE}
"""Labels that a caller has written in English stay what they are in English."""

_ONE = {
    "Keys": "key",
    "Queries": "query",
    "Objects": "object",
    "Heads": "head",
    "Layers": "layer",
    "Source tokens: keys and values": "source token",
    "Target tokens: queries": "target token",
    "English: keys": "English token",
    "Portuguese: queries": "Portuguese token",
    "英语：键": "英语词元",
    "葡萄牙语：查询": "葡萄牙语词元",
    "源词元：键与值": "源词元",
    "目标词元：查询": "目标词元",
}


def label_in(lang: Language, text: str) -> str:
    """Return a label in a language, or the text itself if it is not known there."""
    return _LABELS[lang].get(text, text)


def labels_in(lang: Language, texts: Sequence[str]) -> list[str]:
    """Return all labels in a language, or the texts themselves if one of them is not known.

    So the tokens of a sentence stay as they are, even if one of them is "cup".
    """
    known = all(text in _LABELS[lang] for text in texts)
    return [_LABELS[lang][text] if known else text for text in texts]


def singular(label: str) -> str:
    """Return what one of the things is called that a label stands for, or the label itself."""
    return _ONE.get(label, label)
