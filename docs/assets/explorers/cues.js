/* The explorer of cues: a desk, what is wanted there, and where the gaze goes.

   The things on the desk are its controls: a click on one looks for it, a click on the table only
   looks. The data (attncues/gaze/explorer.py) hold the pixels of the desk, with and without the
   colour of the cup, and what was learned of each object from other desks. The rest is the model
   of attncues/saliency.py once more, step by step; tests compare the two. */

{
  const at = (on) => (on === "其他地方" ? "目光落在物体之外" : `目光落在${on}上`);
  const WORDS = {
    en: {
      group: "Cues",
      things: "The desk: what to look for",
      volition: "Volition",
      idle: "just looking",
      seek: (target) => `looking for the ${target}`,
      look: (target) => `Look for the ${target}`,
      table: "Just look",
      grey: "cup without its colour",
      reset: "Reset",
      handover: (point) => `the gaze moves at ${point}`,
      bars: "Priority at the best place of each thing",
      salience: "standing out",
      match: (target) => `being like a ${target}`,
      parts: (name, sum, salience, match, target) => `${name}: ${sum}, of it ${salience} for standing out, ${match} for being like a ${target}`,
      only: (target) => `looking for the ${target} and nothing else`,
      mixed: (volition, target) => `${volition}, between just looking and looking for the ${target}`,
      why0: (on) => `Gaze: ${on}. Just looking: nothing else stands out as much.`,
      why1: (on, target) => `Gaze: ${on}. Looking for the ${target}: to the model, nothing looks more like one.`,
      why: (on, target, seen, wanted) => `Gaze: ${on}. Its priority: ${seen} for standing out, ${wanted} for being like a ${target}.`,
    },
    zh: {
      group: "探索注意力提示",
      things: "书桌：想找什么",
      volition: "自主性",
      idle: "只是看看",
      seek: (target) => `找${target}`,
      look: (target) => `找${target}`,
      table: "只是看看",
      grey: "去掉咖啡杯的颜色",
      reset: "重置",
      handover: (point) => `到 ${point}，目光转移`,
      bars: "每个物体上最高的优先级",
      salience: "显眼",
      match: (target) => `像${target}`,
      parts: (name, sum, salience, match, target) => `${name}：${sum}，其中显眼占 ${salience}，像${target}占 ${match}`,
      only: (target) => `一心找${target}，别的都不管`,
      mixed: (volition, target) => `${volition}，介于“只是看看”和“一心找${target}”之间`,
      why0: (on) => `${at(on)}。“只是看看”：别处都不如这里显眼。`,
      why1: (on, target) => `${at(on)}。“一心找${target}”：在模型看来，没有哪里更像。`,
      why: (on, target, seen, wanted) => `${at(on)}。这里的优先级是两部分之和：显眼占 ${seen}，像${target}占 ${wanted}。`,
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

  /** A picture of a map, a quarter as high and wide, which keeps its peaks, as the package draws it. */
  function picture(map, { size: [height, width], colours }) {
    const [down, across] = [height / 4, width / 4];
    const file = new DataView(new ArrayBuffer(54 + 3 * down * across));
    [[0, 0x4d42], [26, 1], [28, 24]].forEach(([at, value]) => file.setUint16(at, value, true));
    [[2, file.byteLength], [10, 54], [14, 40], [18, across], [22, -down]].forEach(([at, value]) => file.setInt32(at, value, true));
    for (let k = 0; k < down * across; k++) {
      const from = 4 * (Math.floor(k / across) * width + k % across);
      let peak = 0;
      for (let b = 0; b < 4; b++) for (let a = 0; a < 4; a++) peak = Math.max(peak, map[from + b * width + a]);
      const level = Math.min(colours.length - 1, Math.floor(peak * colours.length));
      const colour = parseInt(colours[level].slice(1), 16);
      [colour, colour >> 8, colour >> 16].forEach((part, at) => file.setUint8(54 + 3 * k + at, part & 255));
    }
    return `data:image/bmp;base64,${btoa(String.fromCharCode(...new Uint8Array(file.buffer)))}`;
  }

  attncues.explorer("cues", (svg, data) => {
    const { size: [height, width], boxes, handovers, start } = data;
    const say = WORDS[attncues.lang];
    const names = data.words[attncues.lang];
    const figures = [...svg.parentElement.querySelectorAll("svg")];
    const image = svg.querySelector("image");
    const still = matchMedia("(prefers-reduced-motion: reduce)");
    const looks = new Map();
    const objects = Array(height * width).fill("elsewhere");
    for (const [name, [top, bottom, left, right]] of Object.entries(boxes)) {
      for (let row = top; row < bottom; row++) objects.fill(name, row * width + left, row * width + right);
    }
    const contents = figures[0].querySelector("desc").textContent.split(names.rests.split("{")[0])[0].trimEnd();
    const paint = [...figures[0].querySelectorAll("path")]
      .map((path) => [path, path.getAttribute("fill")]).filter(([, colour]) => colour in data.paint);
    let target, moving;

    function part(tag, className, html) {
      const element = document.createElement(tag);
      element.className = className;
      element.innerHTML = html;
      return element;
    }

    const things = part("div", "cues-things", "");
    things.setAttribute("role", "group");
    things.setAttribute("aria-label", say.things);
    const button = (name, label, [top, bottom, left, right]) => {
      const one = part("button", "", `<span>${label}</span>`);
      one.type = "button";
      const share = (pixels, all) => `${100 * pixels / all}%`;
      Object.assign(one.style, {
        top: share(top, height), height: share(bottom - top, height), left: share(left, width), width: share(right - left, width),
      });
      if (name) {
        one.dataset.thing = name;
        one.style.setProperty("--across", (left + right) / 2 / width); // its label keeps within the desk
      }
      one.addEventListener("click", () => choose(name));
      things.append(one);
      return one;
    };
    const table = button(null, say.table, [0, height, 0, width]);
    const wishes = Object.fromEntries(Object.keys(boxes).map((name) => [name, button(name, say.look(names[name]), boxes[name])]));

    const controls = part("div", "explorer-controls cues", `
      <div class="wish">
        <label for="cues-volition">${say.volition}</label><span class="number"></span>
        <div class="handed"><input id="cues-volition" type="range" max="1" step="0.01"><span class="handover"></span></div>
        <div class="ends" aria-hidden="true"><span>${say.idle}</span><span></span></div>
      </div>
      <p></p>
      <div class="more"><label><input type="checkbox" role="switch">${say.grey}</label><button type="button">${say.reset}</button></div>`);
    controls.setAttribute("role", "group");
    controls.setAttribute("aria-label", say.group);
    const [volition, grey, reset, number, mark, sought, why] =
      ["[type=range]", "[role=switch]", "button", ".number", ".handover", ".ends span + span", "p"].map((one) => controls.querySelector(one));

    const lines = Object.keys(boxes).map((name) => `<li data-thing="${name}"><span aria-hidden="true">${names[name]}</span>
      <span aria-hidden="true" class="bar"><i class="seen"></i><i class="wanted"></i></span><span aria-hidden="true"></span><b></b></li>`);
    const bars = part("div", "cues-bars", `<p>${say.bars}</p>
      <p aria-hidden="true"><i class="seen"></i> ${say.salience} <i class="wanted"></i> <span></span></p><ul>${lines.join("")}</ul>`);
    const like = bars.querySelector("p > span");

    figures[0].after(things);
    figures.at(-1).after(controls, bars);
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

    /** How much of the priority at the best place of each object is salience, and how much match. */
    function partsOf(map, seen, wanted, wish) {
      return Object.fromEntries(Object.keys(boxes).map((name) => {
        let best = -1;
        objects.forEach((object, place) => { if (object === name && !(map[place] <= map[best])) best = place; });
        return [name, [(1 - wish) * seen[best], wish * wanted[best]]];
      }));
    }

    /** Look at the desk as the controls say. */
    function update() {
      const wish = volition.valueAsNumber;
      const { seen, wanted: { [target]: wanted } } = lookAt(grey.checked);
      const map = seen.map((value, place) => (1 - wish) * value + wish * wanted[place]);
      const place = map.indexOf(largest(map));
      const [row, column] = [Math.floor(place / width), place % width];
      const parts = partsOf(map, seen, wanted, wish);
      svg.explored = { map, row, column, parts }; // for whoever wants to check

      image.setAttribute("href", picture(map, data));
      const scale = image.width.baseVal.value / width;
      const [strongest, rests] = describe(map, row, column, names[objects[place]]);
      figures.forEach((figure, k) => {
        figure.querySelector(".gaze").style.transform = `translate(${(column + 0.5) * scale}px, ${(row + 0.5) * scale}px)`;
        figure.querySelector("desc").textContent = [k ? strongest : contents, rests].join(names.between);
      });
      for (const [path, colour] of paint) path.setAttribute("fill", grey.checked ? data.paint[colour] : colour);
      tell(objects[place], parts, (1 - wish) * seen[place], wish * wanted[place]);
    }

    /** Say around the figures where the gaze is, and why. */
    function tell(object, parts, seen, wanted) {
      const [wish, on, name] = [volition.valueAsNumber, names[object], names[target]];
      number.textContent = wish.toFixed(2);
      const mixed = { 0: say.idle, 1: say.only(name) };
      volition.setAttribute("aria-valuetext", mixed[wish] ?? say.mixed(number.textContent, name));
      volition.style.setProperty("--value", wish);
      sought.textContent = say.seek(name);
      const point = handovers[grey.checked ? "grey" : "colour"][target];
      mark.hidden = point === null;
      if (point !== null) {
        mark.style.setProperty("--value", point);
        mark.textContent = say.handover(point.toFixed(2));
      }
      why.textContent = wish === 0 ? say.why0(on) : wish === 1 ? say.why1(on, name)
        : say.why(on, name, seen.toFixed(2), wanted.toFixed(2));
      table.setAttribute("aria-pressed", wish === 0);
      for (const [one, wished] of Object.entries(wishes)) wished.setAttribute("aria-pressed", wish > 0 && one === target);
      like.textContent = say.match(name);
      for (const line of bars.querySelectorAll("li")) {
        const [salience, match] = parts[line.dataset.thing];
        const texts = [names[line.dataset.thing], salience + match, salience, match];
        const [, bar, sum, spoken] = line.children;
        line.classList.toggle("looked-at", line.dataset.thing === object);
        line.classList.toggle("sought", line.dataset.thing === target && wish > 0);
        [salience, match].forEach((share, k) => { bar.children[k].style.width = `${100 * share}%`; });
        sum.textContent = (salience + match).toFixed(2);
        spoken.textContent = say.parts(...texts.map((text) => text.toFixed?.(2) ?? text), name);
      }
    }

    function set(wish, object, without) {
      cancelAnimationFrame(moving);
      volition.value = wish;
      target = object;
      grey.checked = without;
    }

    /** Look for an object and nothing else, or for none; volition goes there in a second. */
    function choose(object) {
      const [from, to] = [volition.valueAsNumber, object ? 1 : 0];
      set(from, object ?? target, grey.checked);
      let begun;
      const step = (now) => {
        begun ??= now;
        const done = still.matches ? 1 : Math.min(1, (now - begun) / 1000);
        volition.value = from + (to - from) * done;
        update();
        if (done < 1) moving = requestAnimationFrame(step);
        else remember();
      };
      if (still.matches) step(0);
      else moving = requestAnimationFrame(step);
    }

    function remember() {
      announce(why.textContent);
      attncues.write({
        volition: volition.valueAsNumber === start.volition ? null : volition.value,
        target: target === start.target ? null : target,
        cup: grey.checked ? "grey" : null,
      });
    }

    controls.addEventListener("input", () => { cancelAnimationFrame(moving); update(); remember(); });
    reset.addEventListener("click", () => { set(start.volition, start.target, false); update(); remember(); });
    for (const near of ["pointerenter", "focusin"]) {
      svg.parentElement.addEventListener(near, () => lookAt(grey.checked), { once: true });
    }

    // The build has drawn this: nothing need be computed before a reader touches it.
    set(start.volition, start.target, false);
    const { e: x, f: y } = svg.querySelector(".gaze").transform.baseVal[0].matrix;
    const scale = image.width.baseVal.value / width;
    tell(objects[Math.floor(y / scale) * width + Math.floor(x / scale)], start.parts);

    return () => {
      const [asked, object, cup] = ["volition", "target", "cup"].map(attncues.read);
      set(
        Number.isFinite(parseFloat(asked)) ? parseFloat(asked) : start.volition,
        Object.hasOwn(boxes, object) ? object : start.target,
        cup === "grey",
      );
      update();
      return why.textContent;
    };
  });
}
