"""What diagrams of attention say."""

FRAMEWORK: dict[str, dict[str, str]] = {
    "en": {
        "query": "query",
        "keys": "keys",
        "scores": "scores",
        "weights": "weights",
        "values": "values",
        "output": "output",
        "title": "Query, keys, values and output of attention pooling",
        "story": "Keys: {count}. Weights: {weights}. The output is the average of "
        "the values with these weights, closest to that of {best}.",
        "and": ", ",
    },
    "zh": {
        "query": "查询",
        "keys": "键",
        "scores": "得分",
        "weights": "权重",
        "values": "值",
        "output": "输出",
        "title": "注意力汇聚的查询、键、值与输出",
        "story": "一个查询与 {count} 个键匹配。权重：{weights}。"
        "输出是按这些权重对值的加权平均，最接近{best}的值。",
        "and": "、",
    },
}

PLANE: dict[str, dict[str, str]] = {
    "en": {
        "query": "query",
        "weights": "weights",
        "values": "values",
        "output": "output",
        "gaussian": "Gaussian",
        "dot_product": "dot product",
        "scaled_dot_product": "scaled dot product",
        "title": "Attention pooling over keys in a plane",
        "story": "Query at {x}, {y}. Score: {score}. Temperature: {temperature}. "
        "Weights: {weights}. Output: {output}.",
        "and": ", ",
    },
    "zh": {
        "query": "查询",
        "weights": "权重",
        "values": "值",
        "output": "输出",
        "gaussian": "高斯",
        "dot_product": "内积",
        "scaled_dot_product": "缩放内积",
        "title": "对平面上的键做注意力汇聚",
        "story": "查询位于（{x}，{y}）。得分：{score}。温度：{temperature}。"
        "权重：{weights}。输出：{output}。",
        "and": "、",
    },
}

GLIMPSES: dict[str, dict[str, str]] = {
    "en": {
        "image": "image",
        "weights": "weights",
        "glimpse": "glimpse",
        "looks": "Where a network looks",
        "look": "Image {number}: the middle of the sign is at row {row:.1f}, column {column:.1f}; "
        "the glimpse, at a distance of {distance:.1f} pixels, has a weight of {weight:.2f}.",
        "rewards": "Reward during training",
        "step": "step",
        "reward": "share of right names",
        "hard": "hard attention",
        "no baseline": "hard, no baseline",
        "soft": "soft attention",
        "chance": "guessing",
        "curve": "{name}: at first {first:.2f}, half of the way to the end at step {half}, "
        "at the end {last:.2f}.",
        "between": " ",
    },
    "zh": {
        "image": "图像",
        "weights": "权重",
        "glimpse": "一瞥",
        "looks": "网络看向何处",
        "look": "图像 {number}：符号中心在第 {row:.1f} 行、第 {column:.1f} 列；一瞥落在距它 "
        "{distance:.1f} 像素处，权重为 {weight:.2f}。",
        "rewards": "训练中的奖励",
        "step": "步",
        "reward": "答对的比例",
        "hard": "硬注意力",
        "no baseline": "硬注意力，无基线",
        "soft": "软注意力",
        "chance": "随机猜测",
        "curve": "{name}：开始时 {first:.2f}，在第 {half} 步走完从开始到结束的一半，"
        "结束时 {last:.2f}。",
        "between": "",
    },
}

TRANSLATION: dict[str, dict[str, str]] = {
    "en": {
        "group": "Compose a sentence and see it translated",
        "frame": "Sentence",
        "first": "First noun phrase",
        "second": "Second noun phrase",
        "article": "article",
        "adjective": "adjective",
        "noun": "noun",
        "none": "(none)",
        "another": "Another sentence",
        "play": "Play",
        "pause": "Pause",
        "step": "Step",
        "table": "Attention weights: a row for each token of the translation",
        "looks": "{token} looks at {places}.",
        "place": "{word}, {weight}",
        "and": ", and at ",
        "end": "the end of the sentence",
        "right": "Right: so says the grammar.",
        "wrong": "Wrong: the grammar says {right}.",
        "hint": "Point at a row to read it, or choose its token; "
        "there, the arrow keys go up and down.",
    },
    "zh": {
        "group": "自己造句，看它怎样译出",
        "frame": "句式",
        "first": "第一个名词短语",
        "second": "第二个名词短语",
        "article": "冠词",
        "adjective": "形容词",
        "noun": "名词",
        "none": "（无）",
        "another": "换一句",
        "play": "播放",
        "pause": "暂停",
        "step": "走一步",
        "table": "注意力权重：译文的每个词元一行",
        "looks": "写 {token} 时，看的是 {places}。",
        "place": "{word}（{weight}）",
        "and": "，还有 ",
        "end": "句末",
        "right": "译对了：语法给出的译文也是这样。",
        "wrong": "译错了：语法给出的译文是 {right}。",
        "hint": "指着一行，或者点选它的词元，就能读出这一行；选中词元后，上下方向键可以换行。",
    },
}

STRETCHED: dict[str, dict[str, str]] = {
    "en": {
        "title": "Heatmaps, each with a scale of its own",
        "story": "{columns} {columns:panel|panels} of {queries} {queries:row|rows} by {keys} "
        "{keys:column|columns}, {columns:stretched to its|each stretched to its} own range. The "
        "only colour bar, from {low:.3g} to {high:.3g}, is that of the {columns:panel|last panel}.",
    },
    "zh": {
        "title": "各有色阶的热图",
        "story": "{columns} 幅热图，每幅 {queries} 行 {keys} 列，各自拉伸到自己的数值范围。"
        "唯一的颜色条从 {low:.3g} 到 {high:.3g}，只属于最后一幅。",
    },
}
