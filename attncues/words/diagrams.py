"""What diagrams of attention say."""

FRAMEWORK: dict[str, dict[str, str]] = {
    "en": {
        "query": "query",
        "keys": "keys",
        "scores": "scores",
        "weights": "weights",
        "values": "values",
        "output": "output",
        "temperature": "temperature",
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
        "temperature": "温度",
        "title": "注意力汇聚的查询、键、值与输出",
        "story": "一个查询与 {count} 个键匹配。权重：{weights}。"
        "输出是按这些权重对值的加权平均，最接近{best}的值。",
        "and": "、",
    },
}

EXPLORER_OF_FRAMEWORK: dict[str, dict[str, str]] = {
    "en": {
        "group": "Explore queries, keys and values",
        "query": "query",
        "keys": "keys",
        "scores": "scores",
        "weights": "weights",
        "values": "values",
        "output": "output",
        "temperature": "temperature",
        "asks": "Query",
        "dot": "query · key",
        "softmax": "softmax(score ÷ {temperature})",
        "colours": "red, green, blue",
        "sum": "weights × values",
        "row": "as a heatmap",
        "mask": "mask {name}",
        "masked": "masked",
        "step": "Step",
        "play": "Play",
        "pause": "Pause",
        "reset": "Reset",
        "last": "The {best} is the last one: it cannot be masked, for attention must go somewhere.",
        "step0": "Most weight: {best}, {weight}. Closest to the output: {closest}. "
        "Click an object to mask it; Step goes through the computation.",
        "step1": "Query. Six numbers say what is wanted: {most} most, {least} least. "
        "Each object has a key of the same six features.",
        "even": "Query. Six equal numbers: nothing is wanted more than anything else. "
        "Each object has a key of the same six features.",
        "step2": "Scores. Multiply query and key number by number, and add up. "
        "For the {best}: {products} ≈ {score}, the best score.",
        "step3": "Weights. Divide each score by the temperature and take the softmax. "
        "For the {best}, {score} ÷ {temperature} ≈ {cooled} becomes a weight of {weight}. "
        "All weights sum to one.",
        "step4": "Values. Each counts as much as its weight. In the bar beside “output”, "
        "each colour is as wide as its weight: {weights}.",
        "step5": "Output. Add up the weighted values. Red: {products} ≈ {red}. "
        "The output is closest to the {closest}.",
        "and": ", ",
        "both": " and ",
    },
    "zh": {
        "group": "探索查询、键与值",
        "query": "查询",
        "keys": "键",
        "scores": "得分",
        "weights": "权重",
        "values": "值",
        "output": "输出",
        "temperature": "温度",
        "asks": "查询",
        "dot": "查询 · 键",
        "softmax": "softmax（得分 ÷ {temperature}）",
        "colours": "红、绿、蓝",
        "sum": "权重 × 值",
        "row": "画成热图",
        "mask": "遮盖{name}",
        "masked": "已遮盖",
        "step": "下一步",
        "play": "播放",
        "pause": "暂停",
        "reset": "重置",
        "last": "只剩{best}了，不能再遮盖：注意力总得有个去处。",
        "step0": "权重最大的是{best}：{weight}。输出最接近{closest}的颜色。"
        "点一个物体就能遮盖它；点“下一步”，一步步看计算过程。",
        "step1": "查询。六个数说明想找什么样的东西：最看重{most}，最排斥{least}。"
        "每个物体都有一个键，六个特征与查询一一对应。",
        "even": "查询。六个数都一样：没有哪个特征比别的更受看重。"
        "每个物体都有一个键，六个特征与查询一一对应。",
        "step2": "得分。查询与键逐元素相乘，再加起来。{best}：{products} ≈ {score}，得分最高。",
        "step3": "权重。每个得分除以温度，再做 softmax。"
        "{best}：{score} ÷ {temperature} ≈ {cooled}，权重为 {weight}。所有权重之和为 1。",
        "step4": "值。每个值都按自己的权重计入输出。"
        "“输出”右边的色条里，每种颜色有多宽，就看它的权重：{weights}。",
        "step5": "输出。把加权后的值加起来。红：{products} ≈ {red}。输出最接近{closest}的颜色。",
        "and": "、",
        "both": "和",
    },
}
"""What the explorer of the framework says; docs/assets/explorers/framework.js fills it in."""

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
        "dot_product": "点积",
        "scaled_dot_product": "缩放点积",
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
        "curve": "{name}：开始时 {first:.2f}，到第 {half} 步变化过半，结束时 {last:.2f}。",
        "between": "",
    },
}

PRACTICE: dict[str, dict[str, str]] = {
    "en": {
        "title": "Where a network looks, while it learns to look",
        "step": "step {step}",
        "one": "weights of the places of one image",
        "all": "glimpses around the sign, {count} images",
        "story": "Step {step}: the choice is among {spread:.1f} of {places} places, "
        "{distance:.1f} pixels away from the sign on average.",
        "between": " ",
    },
    "zh": {
        "title": "网络学着看的时候，看向何处",
        "step": "第 {step} 步",
        "one": "一幅图像中各个位置的权重",
        "all": "一瞥相对于符号的位置（{count} 幅图像）",
        "story": "第 {step} 步：相当于在 {places} 个位置中的 {spread:.1f} 个里选，"
        "平均离符号 {distance:.1f} 像素。",
        "between": "",
    },
}

EXPLORER_OF_GLIMPSES: dict[str, dict[str, str]] = {
    "en": {
        "group": "Watch the glimpse, and play against it",
        "step": "Training step",
        "learn": "Watch it learn",
        "pause": "Pause",
        "another": "Another image",
        "turn": "Your turn",
        "places": "The image: where to look",
        "place": "row {row}, column {column}",
        "weight": "row {row}, column {column}, weight {weight}",
        "network": "The network",
        "you": "You",
        "hidden": "This is all that the network has before it looks: a blurred view. "
        "Where do you look? Click a place, or go there by arrow keys and press Enter.",
        "waits": "waits for you",
        "nothing": "look somewhere, too",
        "answer": "{sign}, {share}",
        "right": "correct",
        "wrong": "wrong, the sign is: {sign}",
        "score": "You {own} of {games}, the network {network} of {games}",
        "told": "Image {image} of {count}, after step {step}. The network looks at row {row}, "
        "column {column}, {distance} pixels from the sign. Its choice is among {spread} of "
        "{places} places. It says: {answer}, {verdict}.",
        "own": " From your glimpse, at row {row}, column {column}, it would say: {answer}, "
        "{verdict}.",
        "around": "Glimpses around the sign, on all {count} images",
        "all": "correct: {right} · {distance} pixels away · a choice among {spread} places",
        "signs": "ring|cross|disc|F",
    },
    "zh": {
        "group": "看网络怎么看，也和它比一比",
        "step": "训练步数",
        "learn": "看它学习",
        "pause": "暂停",
        "another": "换一幅图像",
        "turn": "你来看",
        "places": "图像：看哪里",
        "place": "第 {row} 行，第 {column} 列",
        "weight": "第 {row} 行，第 {column} 列，权重 {weight}",
        "network": "网络",
        "you": "你",
        "hidden": "网络看之前，手里只有这幅模糊视图。你看哪里？"
        "点一个位置，或者用方向键走到那里，按回车。",
        "waits": "等你先看",
        "nothing": "你也看一处吧",
        "answer": "{sign}，{share}",
        "right": "答对",
        "wrong": "答错，是{sign}",
        "score": "{games} 局：你答对 {own} 局，网络答对 {network} 局",
        "told": "第 {image} 幅图像，共 {count} 幅；训练 {step} 步之后。"
        "网络看第 {row} 行第 {column} 列，离符号 {distance} 像素。"
        "相当于在 {places} 个位置中的 {spread} 个里选。网络说：{answer}，{verdict}。",
        "own": "凭你看的第 {row} 行第 {column} 列，网络会说：{answer}，{verdict}。",
        "around": "全部 {count} 幅图像：一瞥相对于符号的位置",
        "all": "答对 {right} · 相距 {distance} 像素 · 在 {spread} 个位置里选",
        "signs": "圆环|叉|圆盘|字母 F",
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
        "right": "Correct, by the grammar of these sentences.",
        "wrong": "Wrong: by the grammar it is {right}.",
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
        "step": "下一步",
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
        "title": "各有一套色阶的热图",
        "story": "{columns} 幅热图，每幅 {queries} 行 {keys} 列，各自拉伸到自己的数值范围。"
        "唯一的颜色条从 {low:.3g} 到 {high:.3g}，只属于最后一幅。",
    },
}

FORMATION: dict[str, dict[str, str]] = {
    "en": {
        "title": "How two heads learn to repeat",
        "previous": "first layer:\nlooks one back",
        "follower": "second layer:\nlooks at followers",
        "repeats": "answers repeat",
        "step": "step of training",
        "share": "share",
        "and": " ",
        "curve": "{name}: {first:.2f} at first, half of the way at step {half}, "
        "{last:.2f} at last.",
    },
    "zh": {
        "title": "两个头怎样学会重复",
        "previous": "第 1 层：\n看前一个词元",
        "follower": "第 2 层：\n看后继",
        "repeats": "照着前文重复的答案",
        "step": "训练步数",
        "share": "比例",
        "and": "",
        "curve": "{name}：起初 {first:.2f}，到第 {half} 步变化过半，最后 {last:.2f}。",
    },
}

ORIENTING: dict[str, dict[str, str]] = {
    "en": {
        "cup": "cup",
        "book": "book",
        "and": ", ",
        "flash": "flash",
        "arrow": "arrow",
        "cue frame": "the cue",
        "valid frame": "then, valid",
        "invalid frame": "or invalid",
        "trials": "Trials of a cueing experiment",
        "trials story": "Two boxes with a cross between them. In the upper row the left box "
        "flashes, in the lower row an arrow in the middle points to it. Then the target, a disc, "
        "appears in the left box, which is valid, or in the right one, which is invalid.",
        "reflex": "reflex",
        "goal": "goal",
        "inhibition": "inhibition",
        "sum": "sum",
        "priority": "priority",
        "delay": "from cue to target (ms)",
        "reaction": "reaction time (ms)",
        "valid": "valid",
        "invalid": "invalid",
        "neutral": "no cue",
        "orienting": "Priority after a cue, and reaction times",
        "orienting story": "Without a cue a reaction takes {neutral:.0f} ms. By the time from cue "
        "to target in ms, reactions on the cued side against those on the other: {gains}.",
        "faster": "at {delay} faster by {gain} ms",
        "slower": "at {delay} slower by {gain} ms",
        "wanted": "“find the book”",
        "not wanted": "just looking",
        "look": "look",
        "wins": "highest priority",
        "history": "Priority during a task and after it",
        "history story": "The book is wanted for {task} {task:look|looks}. After that nothing is "
        "wanted, and the priority of the book is still above that of the cup for {lasting} "
        "{lasting:look|looks}.",
    },
    "zh": {
        "cup": "咖啡杯",
        "book": "书",
        "and": "、",
        "flash": "闪光",
        "arrow": "箭头",
        "cue frame": "提示",
        "valid frame": "接着：有效",
        "invalid frame": "或：无效",
        "trials": "提示实验的试次",
        "trials story": "两个方框，中间一个十字。上面一行，左边的方框闪了一下；下面一行，"
        "中间的箭头指向左边。接着目标（一个圆点）出现在左框，这是有效提示；或者出现在右框，这是无效提示。",
        "reflex": "反射",
        "goal": "目标意图",
        "inhibition": "抑制",
        "sum": "总和",
        "priority": "优先级",
        "delay": "提示到目标的间隔（毫秒）",
        "reaction": "反应时（毫秒）",
        "valid": "有效",
        "invalid": "无效",
        "neutral": "无提示",
        "orienting": "提示之后的优先级与反应时",
        "orienting story": "没有提示时，反应时是 {neutral:.0f} 毫秒。"
        "按提示到目标的间隔（毫秒），提示一侧与另一侧相比：{gains}。",
        "faster": "间隔 {delay} 时快 {gain} 毫秒",
        "slower": "间隔 {delay} 时慢 {gain} 毫秒",
        "wanted": "“找书”",
        "not wanted": "“只是看看”",
        "look": "第几次看",
        "wins": "最高优先级",
        "history": "任务期间与任务之后的优先级",
        "history story": "头 {task} 次看的时候要找书，之后什么也不找；"
        "这时书的优先级还有 {lasting} 次高于咖啡杯。",
    },
}

HEADS: dict[str, dict[str, str]] = {
    "en": {
        "group": "Browse the heads of the model",
        "passage": "Passage",
        "order": "Order",
        "layers": "by layer",
        "all": "All heads: arrow keys move, the name of the head stands below",
        "head": "layer {layer}, head {head}",
        "score": "{kind} {score}",
        "tokens": "Tokens: choose one to see where it looks, and who looks at it",
        "looks": "“{token}” looks at {places}.",
        "seen": "It is looked at most by {places}.",
        "unseen": "No later token looks at it.",
        "place": "“{token}” ({weight})",
        "and": ", ",
        "map": "Weights of {head}. Rows ask, columns answer.",
        "hint": "Red: what the token looks at. Underlined: what looks at it.",
        "loading": "Loading …",
        "failed": "The passage could not be loaded. Choose it again to try once more.",
    },
    "zh": {
        "group": "浏览模型的注意力头",
        "passage": "文本",
        "order": "排序",
        "layers": "按层",
        "all": "所有的头：用方向键移动，选中的头见下方",
        "head": "第 {layer} 层，头 {head}",
        "score": "{kind} {score}",
        "tokens": "词元：选一个，看它注意谁、谁注意它",
        "looks": "“{token}”注意的是{places}。",
        "seen": "最注意它的是{places}。",
        "unseen": "后面没有词元注意它。",
        "place": "“{token}”（{weight}）",
        "and": "、",
        "map": "{head}的权重。行是提问的词元，列是作答的词元。",
        "hint": "红色：这个词元注意谁。下划线：谁注意它。",
        "loading": "加载中……",
        "failed": "文本没能加载。再选一次，可以重试。",
    },
}
"""What the browser of heads says; docs/assets/explorers/heads.js fills it in."""

MOVES: dict[str, dict[str, str]] = {
    "en": {
        "title": "How much the output moves, beside how strong the weights are",
        "silenced": "silenced",
        "flattened": "flattened",
        "permuted": "permuted",
        "peak": "largest weight of a row, on average",
        "moved": "probability that moves",
        "and": " ",
        "each": "{name}: {count} heads move from {least:.3f} to {most:.3f}.",
    },
    "zh": {
        "title": "输出移动多少，与权重有多强相对照",
        "silenced": "去掉",
        "flattened": "抹平",
        "permuted": "打乱",
        "peak": "每行的最大权重（平均）",
        "moved": "概率的移动量",
        "and": "",
        "each": "{name}：{count} 个头的移动量从 {least:.3f} 到 {most:.3f}。",
    },
}
