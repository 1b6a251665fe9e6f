"""What heatmaps say: the notes below them, their descriptions, and the names of panels."""

NOTES: dict[str, dict[str, str]] = {
    "en": {
        "masked": "masked",
        "zero": "0, not on a log scale",
        "panel": "Each panel has a scale of its own.",
        "block": "Each dot shows the strongest of {down} × {across} cells.",
        "log": "log scale",
        "percentile": "colour by percentile",
        "other": "scale: {name}",
        "beyond": "Values beyond the ends of a scale have the colours of its ends.",
        "start": "The scale starts at {low:.3g}, not at zero.",
        "off": "not on this scale",
        "title": "Heatmap of {ylabel} by {xlabel}",
    },
    "zh": {
        "masked": "已遮盖",
        "zero": "0，不在对数色阶上",
        "panel": "每幅热图各有自己的色阶。",
        "block": "每个点显示 {down} × {across} 个格子中最强的一个。",
        "log": "对数色阶",
        "percentile": "按百分位着色",
        "other": "色阶：{name}",
        "beyond": "超出色阶两端的数值使用两端的颜色。",
        "start": "色阶从 {low:.3g} 开始，而不是从 0 开始。",
        "off": "不在此色阶上",
        "title": "{ylabel}与{xlabel}的热图",
    },
}

DESCRIPTION: dict[str, dict[str, str]] = {
    "en": {
        "one": "One heatmap: {queries} {queries:row|rows} ({ylabel}) by {keys} "
        "{keys:column|columns} ({xlabel}).",
        "many": "{rows} by {columns} heatmaps, each {queries} {queries:row|rows} ({ylabel}) by "
        "{keys} {keys:column|columns} ({xlabel}).",
        "range": "Values run from {low} to {high}.",
        "constant": "Every value shown is {low}.",
        "nothing": "No cell has a finite value to show.",
        "masked": "{count} of {total} cells are masked ({share:.0%}).",
        "odd": "{count} of {total} cells not finite.",
        "diagonal": "Each row is strongest at the column of its own number.",
        "even": "Within each row all values are equal.",
        "several": "Row {row} is equally strong at several columns ({value}).",
        "row": "Row {row} is strongest at column {column} ({value}).",
        "strongest": "The strongest cell is at row {row}, column {column} ({value}){panel}.",
        "panel": " of the panel in row {i}, column {j}{title}",
        "title": " (“{title}”)",
        "label": "{number} “{label}”",
        "scale": "Each panel has a scale of its own.",
        "between": " ",
        "comma": ", ",
    },
    "zh": {
        "one": "一幅热图：{queries} 行（{ylabel}），{keys} 列（{xlabel}）。",
        "many": "{rows} 行 {columns} 列热图，每幅 {queries} 行（{ylabel}）、"
        "{keys} 列（{xlabel}）。",
        "range": "数值从 {low} 到 {high}。",
        "constant": "显示的数值都是 {low}。",
        "nothing": "没有可显示的有限数值。",
        "masked": "{total} 个格子中有 {count} 个被遮盖（{share:.0%}）。",
        "odd": "{total} 个格子中有 {count} 个不是有限数值。",
        "diagonal": "每一行都在与自己编号相同的列上最强。",
        "even": "每一行内的数值都相等。",
        "several": "行 {row} 在多列上同样最强（{value}）。",
        "row": "行 {row} 在列 {column} 最强（{value}）。",
        "strongest": "最强的格子在{panel}行 {row}、列 {column}（{value}）。",
        "panel": "第 {i} 行第 {j} 列的热图{title}中",
        "title": "“{title}”",
        "label": "{number}（{label}）",
        "scale": "每幅热图各有自己的色阶。",
        "between": "",
        "comma": "，",
    },
}

PANELS: dict[str, dict[str, str]] = {
    "en": {
        "column": "Panel {j}",
        "panel": "Row {i}, column {j}",
        "row": "{title}, row {i}",
        "both": "{row}, {title}",
        "layer": "Layer {n}",
        "head": "Head {n}",
        "mean layer": "Mean of {n} layers",
        "mean head": "Mean of {n} heads",
    },
    "zh": {
        "column": "第 {j} 幅",
        "panel": "第 {i} 行第 {j} 列",
        "row": "{title}，第 {i} 行",
        "both": "{row}，{title}",
        "layer": "第 {n} 层",
        "head": "头 {n}",
        "mean layer": "{n} 层的平均",
        "mean head": "{n} 个头的平均",
    },
}
"""Names of panels for those who read a figure cell by cell."""
