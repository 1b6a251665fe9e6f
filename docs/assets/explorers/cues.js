/* The explorer of cues: a desk, what is wanted there, and where the gaze goes.

   The data (attncues/gaze/explorer.py) hold the pixels of the desk, with and without the colour of the cup,
   and what was learned of each object from other desks. The rest is the model of
   attncues/saliency.py once more, step by step; tests compare the two. */

{
  const at = (on) => (on === "其他地方" ? "目光落在物体之外" : `目光落在${on}上`);
  const WORDS = {
    en: {
      group: "Cues",
      volition: "Volition",
      idle: "just looking",
      seek: "looking for the",
      grey: "cup without its colour",
      reset: "Reset",
      only: (target) => `looking for the ${target} and nothing else`,
      mixed: (volition, target) => `${volition}, between just looking and looking for the ${target}`,
      why0: (on) => `Gaze: ${on}. Just looking: nothing stands out more.`,
      why1: (on, target) => `Gaze: ${on}. Looking for the ${target}: to the model, nothing looks more like one.`,
      why: (on, target, seen, wanted) => `Gaze: ${on}. Its priority: ${seen} for standing out, ${wanted} for being like a ${target}.`,
    },
    zh: {
      group: "探索注意力提示",
      volition: "自主性",
      idle: "只是看看",
      seek: "找",
      grey: "去掉咖啡杯的颜色",
      reset: "重置",
      only: (target) => `一心找${target}，别的都不管`,
      mixed: (volition, target) => `${volition}，介于只是看看和一心找${target}之间`,
      why0: (on) => `${at(on)}。只是看看：没有哪里更显眼。`,
      why1: (on, target) => `${at(on)}。一心找${target}：在模型看来，没有哪里更像。`,
      why: (on, target, seen, wanted) => `${at(on)}。这里的优先级由两部分相加：显眼占 ${seen}，像${target}占 ${wanted}。`,
    },
  };

  const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const largest = (map) => map.reduce((most, value) => Math.max(most, value), 0);

  /** The desk in three channels: intensity, red against green, blue against yellow. */
  function channels({ size: [, width], grey, cup, boxes }, coloured) {
    const intensity = Float64Array.from(bytes(grey), (level) => level / 255);
    const [red, blue] = [intensity, intensity].map((plane) => new Float64Array(plane.length));
    if (coloured) {
      const [top, , left, right] = boxes.cup;
      const pixels = bytes(cup);
      for (let k = 0; k < pixels.length / 3; k++) {
        const [r, g, b] = [0, 1, 2].map((part) => pixels[3 * k + part] / 255);
        const place = (top + Math.floor(k / (right - left))) * width + left + k % (right - left);
        intensity[place] = (r + g + b) / 3;
        red[place] = r - g;
        blue[place] = b - (r + g) / 2;
      }
    }
    return [intensity, red, blue];
  }

  /** The weight of each place in the blur at each place, mirrored at the edges. */
  function gaussian(size, sigma) {
    const bells = Float64Array.from({ length: 2 * size }, (_, x) => Math.exp(-(x ** 2) / (2 * sigma ** 2)));
    const rows = [];
    for (let at = 0; at < size; at++) {
      const row = new Float64Array(size);
      for (let place = 0; place < size; place++) {
        if (Math.abs(at - place) > 7 * sigma) continue; // less than 1e-10
        row[place] = bells[Math.abs(at - place)] + bells[at + place + 1] + bells[2 * size - 1 - place - at];
      }
      const sum = row.reduce((total, weight) => total + weight);
      rows.push(row.map((weight) => weight / sum));
    }
    return rows;
  }

  /** Blur the columns of a plane, and turn it over: twice is a blur of the whole. */
  function blurred(plane, rows) {
    const across = plane.length / rows.length;
    const lines = rows.map((_, at) => plane.subarray(at * across, (at + 1) * across));
    const filled = [...lines.keys()].filter((at) => lines[at].some((value) => value !== 0));
    const turned = new Float64Array(plane.length);
    rows.forEach((row, at) => {
      const sum = new Float64Array(across);
      for (const place of filled) {
        const [weight, line] = [row[place], lines[place]];
        if (weight) for (let x = 0; x < across; x++) sum[x] += weight * line[x];
      }
      for (let x = 0; x < across; x++) turned[x * row.length + at] = sum[x];
    });
    return turned;
  }

  /** The six maps: what is more, and what is less than around it, in each channel. */
  function featureMaps(planes, { size: [height, width], scales }) {
    const kernels = scales.flat().map((sigma) => [gaussian(height, sigma), gaussian(width, sigma)]);
    return planes.flatMap((plane) => {
      const more = new Float64Array(plane.length);
      const less = new Float64Array(plane.length);
      const blurs = kernels.map(([down, across]) => blurred(blurred(plane, down), across));
      for (let scale = 0; scale < scales.length; scale++) {
        const [centre, around] = blurs.slice(2 * scale);
        for (let place = 0; place < plane.length; place++) {
          const step = (centre[place] - around[place]) / scales.length;
          (step > 0 ? more : less)[place] += Math.abs(step);
        }
      }
      return [more, less];
    });
  }

  /** How many strong places a map has; those near to each other share one count. */
  function countStrong(map, peak, { size: [height, width], near }) {
    const strong = [];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const value = map[y * width + x];
        if (value <= peak / 2) continue;
        let around = 0;
        for (let b = Math.max(0, y - 1); b <= Math.min(height - 1, y + 1); b++) {
          for (let a = Math.max(0, x - 1); a <= Math.min(width - 1, x + 1); a++) {
            around = Math.max(around, map[b * width + a]);
          }
        }
        if (value >= 0.999 * around) strong.push([x, y]);
      }
    }
    const shared = ([x, y]) => strong.filter(([a, b]) => Math.abs(a - x) <= near && Math.abs(b - y) <= near).length;
    return Math.max(1, strong.reduce((count, place) => count + 1 / shared(place), 0));
  }

  /** What stands out on a desk, and what is like each object there: maps with a peak of one. */
  function look(data, coloured) {
    const maps = featureMaps(channels(data, coloured), data).map((map) => {
      const peak = largest(map);
      const empty = peak <= data.floor;
      return { map, query: empty ? 0 : 1, share: empty ? 0 : 1 / Math.sqrt(countStrong(map, peak, data)) };
    });
    const added = (weights) => {
      const sum = new Float64Array(maps[0].map.length);
      maps.forEach(({ map }, number) => {
        if (weights[number]) map.forEach((value, place) => { sum[place] += weights[number] * value; });
      });
      const peak = largest(sum) || 1;
      return sum.map((value) => Math.max(0, value) / peak);
    };
    const wanted = {};
    for (const [name, query] of Object.entries(data.queries)) {
      wanted[name] = added(query.map((weight, number) => weight * maps[number].query));
    }
    return { seen: added(maps.map(({ share }) => share)), wanted };
  }

  /** A picture of a map, a quarter as high and wide, as the package draws it. */
  function picture(map, { size: [height, width], colours }) {
    const [down, across] = [height / 4, width / 4];
    const file = new DataView(new ArrayBuffer(54 + 3 * down * across));
    [[0, 0x4d42], [26, 1], [28, 24]].forEach(([at, value]) => file.setUint16(at, value, true));
    [[2, file.byteLength], [10, 54], [14, 40], [18, across], [22, -down]].forEach(([at, value]) => file.setInt32(at, value, true));
    for (let k = 0; k < down * across; k++) {
      const from = 4 * (Math.floor(k / across) * width + k % across);
      let sum = 0;
      for (let b = 0; b < 4; b++) for (let a = 0; a < 4; a++) sum += map[from + b * width + a];
      const level = Math.min(colours.length - 1, Math.floor(sum / 16 * colours.length));
      const colour = parseInt(colours[level].slice(1), 16);
      [colour, colour >> 8, colour >> 16].forEach((part, at) => file.setUint8(54 + 3 * k + at, part & 255));
    }
    return `data:image/bmp;base64,${btoa(String.fromCharCode(...new Uint8Array(file.buffer)))}`;
  }

  attncues.explorer("cues", (svg, data) => {
    const { size: [height, width], boxes, start } = data;
    const say = WORDS[attncues.lang];
    const names = data.words[attncues.lang];
    const figures = [...svg.parentElement.querySelectorAll("svg")];
    const image = svg.querySelector("image");
    const looks = new Map();
    const objects = Array(height * width).fill("elsewhere");
    for (const [name, [top, bottom, left, right]] of Object.entries(boxes)) {
      for (let row = top; row < bottom; row++) objects.fill(name, row * width + left, row * width + right);
    }
    const contents = figures[0].querySelector("desc").textContent.split(names.rests.split("{")[0])[0].trimEnd();
    const paint = [...figures[0].querySelectorAll("path")]
      .map((path) => [path, path.getAttribute("fill")]).filter(([, colour]) => colour in data.paint);

    const controls = document.createElement("div");
    controls.className = "explorer-controls cues";
    controls.setAttribute("role", "group");
    controls.setAttribute("aria-label", say.group);
    controls.innerHTML = `
      <div><label for="cues-volition">${say.volition}</label><span class="number"></span></div>
      <div class="wish"><span aria-hidden="true">${say.idle}</span><input id="cues-volition" type="range" max="1" step="0.01"></div>
      <div><label for="cues-target">${say.seek}</label><select id="cues-target"></select></div>
      <div><label><input type="checkbox" role="switch">${say.grey}</label><button type="button">${say.reset}</button></div>
      <p></p>`;
    const [volition, target, grey, reset, number, why] =
      ["[type=range]", "select", "[role=switch]", "button", ".number", "p"].map((one) => controls.querySelector(one));
    for (const name of Object.keys(boxes)) target.add(new Option(names[name], name));
    figures.at(-1).after(controls);
    const announce = attncues.announcer(controls);

    const fill = (text, values) => text.replace(/\{(\w+)[^}]*\}/g, (_, name) => values[name]);

    /** Say of a map what the package says of it. */
    function describe(map, row, column, on) {
      const best = Object.fromEntries([...Object.keys(boxes), "elsewhere"].map((name) => [name, 0]));
      map.forEach((value, place) => { best[objects[place]] = Math.max(best[objects[place]], value); });
      const peak = largest(map);
      const shares = Object.entries(best).sort(([, a], [, b]) => b - a)
        .map(([name, value]) => fill(names.share, { name: names[name], share: (value / peak).toFixed(2) }));
      const where = names.places[3 * Math.floor(3 * row / height) + Math.floor(3 * column / width)];
      const rests = fill(names.rests, { on: fill(names.the, { name: on }), where });
      return [fill(names.strongest, { shares: shares.join(names.and) }), rests];
    }

    function lookAt(without) {
      if (!looks.has(without)) looks.set(without, look(data, !without));
      return looks.get(without);
    }

    /** Look at the desk as the controls say. */
    function update() {
      const wish = volition.valueAsNumber;
      const { seen, wanted: { [target.value]: wanted } } = lookAt(grey.checked);
      const map = seen.map((value, place) => (1 - wish) * value + wish * wanted[place]);
      const place = map.indexOf(largest(map));
      const [row, column] = [Math.floor(place / width), place % width];
      const on = names[objects[place]];
      svg.explored = { map, row, column }; // for whoever wants to check

      image.setAttribute("href", picture(map, data));
      const scale = image.width.baseVal.value / width;
      const [strongest, rests] = describe(map, row, column, on);
      figures.forEach((figure, k) => {
        figure.querySelector(".gaze").style.transform = `translate(${(column + 0.5) * scale}px, ${(row + 0.5) * scale}px)`;
        figure.querySelector("desc").textContent = [k ? strongest : contents, rests].join(names.between);
      });
      for (const [path, colour] of paint) path.setAttribute("fill", grey.checked ? data.paint[colour] : colour);
      tell(on, (1 - wish) * seen[place], wish * wanted[place]);
    }

    /** Say below the figures where the gaze is, and why. */
    function tell(on, seen, wanted) {
      const [wish, sought] = [volition.valueAsNumber, names[target.value]];
      number.textContent = wish.toFixed(2);
      const mixed = { 0: say.idle, 1: say.only(sought) };
      volition.setAttribute("aria-valuetext", mixed[wish] ?? say.mixed(number.textContent, sought));
      why.textContent = wish === 0 ? say.why0(on) : wish === 1 ? say.why1(on, sought)
        : say.why(on, sought, seen.toFixed(2), wanted.toFixed(2));
    }

    function set(wish, object, without) {
      volition.value = wish;
      target.value = object;
      grey.checked = without;
    }

    function remember() {
      announce(why.textContent);
      attncues.write({
        volition: volition.valueAsNumber === start.volition ? null : volition.value,
        target: target.value === start.target ? null : target.value,
        cup: grey.checked ? "grey" : null,
      });
    }

    controls.addEventListener("input", () => { update(); remember(); });
    reset.addEventListener("click", () => { set(start.volition, start.target, false); update(); remember(); });
    for (const near of ["pointerenter", "focusin"]) {
      controls.addEventListener(near, () => lookAt(grey.checked), { once: true });
    }

    /** Set the controls as the address says; return whether it says anything. */
    function read() {
      const [asked, object, cup] = ["volition", "target", "cup"].map(attncues.read);
      set(
        Number.isFinite(parseFloat(asked)) ? parseFloat(asked) : start.volition,
        Object.hasOwn(boxes, object) ? object : start.target,
        cup === "grey",
      );
      return Boolean(asked ?? object ?? cup);
    }

    if (read()) update();
    else {
      // The build has drawn this: nothing need be computed before a reader touches it.
      const { e: x, f: y } = svg.querySelector(".gaze").transform.baseVal[0].matrix;
      const scale = image.width.baseVal.value / width;
      tell(names[objects[Math.floor(y / scale) * width + Math.floor(x / scale)]]);
    }
    return () => {
      read();
      update();
    };
  });
}
