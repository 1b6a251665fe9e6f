/* A reader composes a sentence, and the translator writes it in French and shows where it looks.

   attncues/diagrams/translating.py has drawn one translation, and hands over the grammar and the
   weights that torch has learned; what is computed here is what attncues/translation.py computes,
   and tests compare the numbers. The address names the sentence: ?translator=the+cat+is+on+.... */

(() => {
  const PACE = 450; // milliseconds from token to token; a screen reader hears the last of quick texts
  const LEAST = 0.15; // a weight that is worth a word
  const sigmoid = (number) => 1 / (1 + Math.exp(-number));

  /** Return what translates a list of words into tokens, each with its weights over the words. */
  function translator({ weights, source, target, start, end, most }) {
    const decoded = {};
    const numbers = (name) => (decoded[name] ??=
      new Float32Array(Uint8Array.from(atob(weights[name]), (byte) => byte.charCodeAt(0)).buffer));
    const size = numbers("to_score.weight").length;
    const embed = (name, token) => [...numbers(name).subarray(size * token, size * (token + 1))];

    function linear(matrix, input, bias) {
      const rows = numbers(matrix), width = input.length, first = bias && numbers(bias);
      return Array.from({ length: rows.length / width }, (_, row) =>
        input.reduce((sum, one, at) => sum + one * rows[row * width + at], first ? first[row] : 0));
    }

    function gru(name, input, state) {
      const [read, kept] = [["ih", input], ["hh", state]].map(([kind, from]) =>
        linear(name.replace("*", `weight_${kind}`), from, name.replace("*", `bias_${kind}`)));
      return state.map((old, at) => {
        const [reset, update] = [at, at + size].map((gate) => sigmoid(read[gate] + kept[gate]));
        const fresh = Math.tanh(read[at + 2 * size] + reset * kept[at + 2 * size]);
        return fresh + update * (old - fresh);
      });
    }

    function read(name, inputs) {
      let state = Array(size).fill(0);
      return inputs.map((input) => (state = gru(name, input, state)));
    }

    return (words) => {
      const inputs = [...words, end].map((word) => embed("embed_source.weight", source.indexOf(word)));
      const forwards = read("encoder.*_l0", inputs);
      const backwards = read("encoder.*_l0_reverse", inputs.toReversed()).reverse();
      const values = forwards.map((state, at) => [...state, ...backwards[at]]);
      const keys = values.map((value) => linear("to_key.weight", value));
      const written = [];
      let state = linear("first_state.weight", [...forwards.at(-1), ...backwards[0]], "first_state.bias")
        .map(Math.tanh);
      let token = target.indexOf(start);
      while (written.length < most) {
        const query = linear("to_query.weight", state);
        const scores = keys.map((key) =>
          linear("to_score.weight", key.map((one, at) => Math.tanh(one + query[at])))[0]);
        const best = Math.max(...scores), shares = scores.map((score) => Math.exp(score - best));
        const sum = shares.reduce((one, other) => one + other);
        const looks = shares.map((share) => share / sum);
        const context = values[0].map((_, at) =>
          looks.reduce((total, weight, key) => total + weight * values[key][at], 0));
        const before = embed("embed_target.weight", token);
        state = gru("decoder.*", [...before, ...context], state);
        const next = linear("to_token.weight", [...state, ...context, ...before], "to_token.bias");
        token = next.indexOf(Math.max(...next));
        if (target[token] === end) break;
        written.push([target[token], looks]);
      }
      return written;
    };
  }

  attncues.explorer("translator", (svg, data) => {
    const { frames, articles, nouns, following, preceding } = data;
    const words = data.words[attncues.lang];
    const translate = translator(data);
    const adjectives = ["", ...Object.keys(following), ...Object.keys(preceding)];
    const still = matchMedia("(prefers-reduced-motion: reduce)");

    // The grammar. A sentence is a frame and, twice, an article, an adjective or none, and a noun.
    function parse(sentence) {
      for (const [frame, pattern] of Object.entries(data.patterns)) {
        const [, ...found] = sentence.match(`^${pattern}$`) ?? [];
        if (found.length && found[2] !== found[5]) return [frame, ...found.map((word) => word ?? "")];
      }
      return null;
    }
    const fill = (text, phrases) => phrases.reduce((sentence, one) =>
      sentence.replace("{}", one.filter(Boolean).join(" ")), text);
    const english = ([frame, ...six]) => fill(frames[frame][0], [six.slice(0, 3), six.slice(3)]);
    function french([frame, ...six]) {
      const phrases = [six.slice(0, 3), six.slice(3)].map(([article, adjective, noun]) => {
        const [name, gender] = nouns[noun], form = Number(gender === "f");
        return [articles[article][form], preceding[adjective]?.[form], name, following[adjective]?.[form]];
      });
      return fill(frames[frame][1], phrases).replace("de le ", "du ");
    }

    // The page.
    const option = (one) => `<option value="${one}"${one && ' lang="en"'}>${one ? frames[one]?.[0].replaceAll("{}", "…") ?? one : words.none}</option>`;
    const select = (label, options) => `<select aria-label="${label}">${options.map(option).join("")}</select>`;
    const phrase = (label) => `<span role="group" aria-label="${label}">${
      select(words.article, Object.keys(articles))} ${select(words.adjective, adjectives)} ${
      select(words.noun, Object.keys(nouns))}</span>`;
    const box = document.createElement("div");
    box.className = "translator";
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", words.group);
    box.innerHTML = `<div class="explorer-controls">${select(words.frame, Object.keys(frames))}
      <button type="button">${words.another}</button></div>
      <div class="explorer-controls">${phrase(words.first)} ${phrase(words.second)}</div>
      <div class="explorer-controls"><button type="button"></button><button type="button">${words.step}</button></div>
      <p class="said" lang="en"></p><p class="said" lang="fr"></p><p class="looks"></p>
      <div class="map"><span aria-hidden="true">${words.queries}</span><table class="weights" aria-label="${words.table}"></table>
      <span aria-hidden="true">${words.keys}</span></div>
      <p class="hint">${words.hint}</p>`;
    const choices = [...box.querySelectorAll("select")];
    const [another, play, step] = box.querySelectorAll("button");
    const [asked, answer, looks] = box.querySelectorAll("p");
    const table = box.querySelector("table");
    const announce = attncues.announcer(box);
    Object.assign(box.dataset, { explorer: svg.dataset.explorer, figure: svg.dataset.figure });
    svg.replaceWith(box);

    const element = (tag, text, properties = {}) =>
      Object.assign(document.createElement(tag), { textContent: text }, properties);
    let chosen, source, written, shown, timer, right;

    /** Compute and lay out the translation of what is chosen, of which nothing is written yet. */
    function begin(choice) {
      chosen = choice;
      choices.forEach((one, at) => { one.value = chosen[at]; });
      const [, first, , noun, second, , other] = choices;
      for (const [one, taken] of [[noun, other.value], [other, noun.value]]) { // never the same twice
        for (const option of one.options) option.disabled = option.value === taken;
      }
      second.options[0].disabled = chosen[0] === "of";
      source = english(chosen).split(" ");
      right = french(chosen);
      written = translate(source);
      asked.replaceChildren(...source.flatMap((word) => [element("span", word), " "]));
      const head = element("thead"), body = element("tbody");
      const names = head.appendChild(element("tr"));
      names.append(element("td"), ...source.map((word) => element("th", word, { scope: "col", lang: "en" })));
      body.append(...written.map(([token, weights], row) => {
        const line = element("tr"), name = element("th", "", { scope: "row", lang: "fr" });
        name.append(element("button", token, { type: "button" }));
        line.append(name, ...weights.slice(0, -1).map((weight) => {
          const cell = element("td", weight.toFixed(2)), colours = data.cells.length / 6;
          const place = Math.min(Math.floor(weight * colours), colours - 1);
          cell.style.background = `#${data.cells.slice(6 * place, 6 * place + 6)}`;
          cell.style.color = place < data.white ? "#000" : "#fff";
          return cell;
        }));
        line.addEventListener("pointerenter", () => read(row));
        line.addEventListener("click", () => {
          pause();
          choose(row);
        });
        name.firstChild.addEventListener("focus", () => choose(row));
        return line;
      }));
      table.replaceChildren(head, body);
      box.dataset.weights = JSON.stringify(written.map(([, weights]) => weights));
      write(0);
    }

    /** Show so many tokens of the translation; the last one is chosen. */
    function write(count) {
      shown = count;
      [...table.tBodies[0].rows].forEach((row, at) => { row.classList.toggle("unwritten", at >= count); });
      const done = count === written.length, text = written.slice(0, count).map(([token]) => token).join(" ");
      answer.replaceChildren(text);
      if (!done) answer.append(" …");
      const fair = text === right;
      if (done) {
        const verdict = fair ? words.right : words.wrong.replace("{right}", right);
        answer.append(" ", element("strong", verdict, { lang: attncues.lang }));
      }
      answer.classList.toggle("wrong", done && !fair);
      choose(count - 1);
    }

    let kept;
    function choose(row) {
      kept = row;
      read(row);
      [...table.tBodies[0].rows].forEach((line, at) => {
        line.cells[0].firstChild.tabIndex = at === Math.max(row, 0) ? 0 : -1;
      });
      announce([looks, ...(shown === written.length && row === shown - 1 ? [answer] : [])]
        .map((one) => one.textContent).join(" "));
    }

    /** Tint the words that a row looks at, and say which they are. */
    function read(row) {
      if (row >= shown) return;
      [...table.tBodies[0].rows].forEach((line, at) => { line.classList.toggle("read", at === row); });
      const [token, weights] = written[row] ?? ["", source.map(() => 0)];
      [...asked.children].forEach((word, at) => { word.style.setProperty("--weight", weights[at].toFixed(3)); });
      const places = weights.map((weight, at) => [weight, at < source.length ? `<i lang="en">${source[at]}</i>` : words.end])
        .sort(([one], [other]) => other - one).filter(([weight], rank) => !rank || weight >= LEAST);
      looks.innerHTML = token && words.looks.replace("{token}", `<i lang="fr">${token}</i>`).replace("{places}", places
        .map(([weight, word]) => words.place.replace("{word}", word).replace("{weight}", weight.toFixed(2)))
        .join(words.and));
    }

    function pause() {
      clearInterval(timer);
      timer = 0;
      play.textContent = words.play;
    }

    /** Write the rest, or all again, token by token or, without motion, at once. */
    function run() {
      pause();
      if (still.matches) {
        write(written.length);
        return;
      }
      if (shown === written.length) write(0);
      play.textContent = words.pause;
      timer = setInterval(() => {
        write(shown + 1);
        if (shown === written.length) pause();
      }, PACE);
    }

    function change(choice) {
      begin(choice);
      run();
      const sentence = english(chosen);
      attncues.write({ translator: sentence === data.sentence ? null : sentence });
    }

    choices.forEach((one) => one.addEventListener("change", () => {
      const choice = choices.map(({ value }) => value);
      if (choice[0] === "of") choice[4] = "the";
      change(choice);
    }));
    another.addEventListener("click", () => {
      const any = (from) => from[Math.floor(from.length * Math.random())];
      let choice;
      do {
        choice = choices.map(({ options }) => any([...options]).value);
        if (choice[0] === "of") choice[4] = "the";
      } while (choice[3] === choice[6] || String(choice) === String(chosen));
      change(choice);
    });
    play.addEventListener("click", () => {
      if (timer) pause();
      else run();
    });
    step.addEventListener("click", () => {
      pause();
      write(shown === written.length ? 1 : shown + 1);
    });
    table.addEventListener("pointerleave", () => read(kept));
    table.addEventListener("keydown", (event) => {
      const to = { ArrowUp: kept - 1, ArrowDown: kept + 1, Home: 0, End: shown - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      pause();
      table.tBodies[0].rows[Math.min(Math.max(to, 0), shown - 1)].cells[0].firstChild.focus();
    });

    /** Show the sentence that the address names, or else that of the figure. */
    function follow() {
      pause();
      begin(parse(attncues.read("translator") ?? "") ?? parse(data.sentence));
      write(written.length);
      return `${asked.textContent.trim()}: ${answer.textContent}`;
    }
    follow();
    return follow;
  });
})();
