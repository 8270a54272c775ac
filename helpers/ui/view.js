// One widget with six faces: a figure that follows its controls, a form that asks one question, statements to be
// rated from 0 to 100, a button that does one thing, a questionnaire of several pages, and a sheet on which item after
// item is coded by single keys.
//
// JupyterLab listens to every key on the page: with focus on a slider, `m` would turn the cell into Markdown and
// `d d` would delete it. So the root of a lab keeps its keys to itself; combinations with Ctrl, Alt or Meta pass.
// Pictures are asked for one at a time: the kernel waits for `shown` before it draws the next.

const ANSWER_WITHIN = 2500;
const DECODED_WITHIN = 500;

const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) {
      node.setAttribute(name, value === true ? "" : value);
    }
  }
  node.append(...children);
  return node;
}

// What stands between backticks is code, and between asterisks is stressed, as in the lessons.
const STRESSED = /(?<![^\s(])\*([^*\s](?:[^*]*[^*\s])?)\*(?![^\s.,;:!?)])/;

function stressed(text) {
  return text.split(STRESSED).map((part, i) => (i % 2 ? element("em", {}, part) : part));
}

function prose(text) {
  return text.split("`").flatMap((part, i) => (i % 2 ? [element("code", {}, part)] : stressed(part)));
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
  node.hidden = !text;
}

function keepKeys(event) {
  if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
}

function send(model, message) {
  try {
    model.send(message);
  } catch {
    // A saved notebook without a kernel has nobody to talk to; the picture stays.
  }
}

// Calls `found` with the lab around `el`, once it is on the page; returns a function that stops waiting.
function whenInLab(el, found) {
  let timer = 0;
  const look = () => {
    const root = el.closest(".course-lab");
    if (root) found(root);
    else timer = setTimeout(look, 30);
  };
  look();
  return () => clearTimeout(timer);
}

function nameSlider(slider) {
  const label = slider.querySelector(".widget-label")?.textContent?.trim();
  if (!label) return;
  const handles = [...slider.querySelectorAll(".noUi-handle")];
  handles.forEach((handle, i) => {
    const name = handles.length === 2 ? `${label}, ${i === 0 ? "from" : "to"}` : label;
    if (handle.getAttribute("aria-label") !== name) handle.setAttribute("aria-label", name);
  });
  const readout = slider.querySelector(".widget-readout");
  if (readout && !readout.hasAttribute("aria-label")) {
    readout.setAttribute("role", "textbox");
    readout.setAttribute("aria-label", `${label}, typed`);
  }
}

function nameHandles(root) {
  root.querySelectorAll(".widget-slider, .widget-hslider, .widget-vslider").forEach(nameSlider);
}

// Gives the lab a name, keeps its keys, and names slider handles now and when ipywidgets makes new ones.
function adoptRoot(root, label) {
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", label);
  root.addEventListener("keydown", keepKeys);
  nameHandles(root);
  const observer = new MutationObserver(() => nameHandles(root));
  observer.observe(root, { childList: true, subtree: true, characterData: true });
  return () => {
    observer.disconnect();
    root.removeEventListener("keydown", keepKeys);
  };
}

// Until the kernel answers, say how to bring the controls to life.
function greet(model, hint, room = null) {
  const timer = setTimeout(() => setText(hint, "Run this cell to use the controls."), ANSWER_WITHIN);
  const answered = (message) => {
    if (message?.kind !== "welcome") return;
    clearTimeout(timer);
    setText(hint, "");
  };
  model.on("msg:custom", answered);
  send(model, { kind: "ready", scale: Math.min(2, Math.max(1, window.devicePixelRatio || 1)), room });
  return () => {
    clearTimeout(timer);
    model.off("msg:custom", answered);
  };
}

// Tells how wide the picture may be, once the page has settled.
function watchRoom(el, tell) {
  let timer = 0;
  let last = 0;
  const observer = new ResizeObserver(() => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (el.clientWidth && el.clientWidth !== last) tell((last = el.clientWidth));
    }, 120);
  });
  observer.observe(el);
  return () => {
    observer.disconnect();
    clearTimeout(timer);
  };
}

function renderFigure({ model, el }) {
  const status = element("p", { class: "course-sentence", role: "status", "aria-live": "polite" });
  const image = element("img", { class: "course-figure", alt: "" });
  const notes = element("ul", { class: "course-notes" });
  const table = element("div", { class: "course-table" });
  const details = element("details", {}, element("summary", {}, "The numbers as a table"), table);
  const hint = element("p", { class: "course-hint" });
  el.classList.add("course-view");
  el.append(hint, status, image, notes, details);

  let url = "";
  const paint = async () => {
    const content = model.get("content");
    const png = model.get("png");
    setText(status, content.sentence || "");
    notes.replaceChildren(...(content.notes || []).map((note) => element("li", {}, note)));
    notes.hidden = !(content.notes || []).length;
    if (table.innerHTML !== content.table) table.innerHTML = content.table || "";
    details.hidden = !content.table;
    image.hidden = !(png && png.byteLength);
    if (!image.hidden) await swap(content, png);
    send(model, { kind: "shown", frame: content.frame });
  };
  const swap = async (content, png) => {
    const next = URL.createObjectURL(new Blob([png], { type: "image/png" }));
    const old = url;
    url = next;
    image.alt = content.alt || "";
    image.style.width = `${content.width}px`;
    image.src = next;
    await Promise.race([image.decode().catch(() => {}), pause(DECODED_WITHIN)]);
    if (old) URL.revokeObjectURL(old);
  };

  let leave = () => {};
  const stop = whenInLab(el, (root) => (leave = adoptRoot(root, model.get("content").label || "Lab")));
  const stopWatching = watchRoom(el, (room) => send(model, { kind: "room", room }));
  const forget = greet(model, hint, el.clientWidth || null);
  model.on("change:content", paint);
  paint();
  return () => {
    stop();
    stopWatching();
    leave();
    forget();
    model.off("change:content", paint);
    if (url) URL.revokeObjectURL(url);
  };
}


function option(name, text, index) {
  const radio = element("input", { type: "radio", name, value: String(index), id: `${name}-${index}` });
  return element("div", { class: "course-option" }, radio, element("label", { for: radio.id }, ...prose(text)));
}

function confidenceInput(name, value) {
  const range = element("input", { type: "range", min: 0, max: 100, step: 5, id: `${name}-sure`, value });
  const shown = element("output", { for: range.id }, `${value} %`);
  range.setAttribute("aria-valuetext", `${value} per cent`);
  range.addEventListener("input", () => {
    shown.textContent = `${range.value} %`;
    range.setAttribute("aria-valuetext", `${range.value} per cent`);
  });
  const label = element("label", { for: range.id }, "How sure are you?");
  return { range, row: element("div", { class: "course-sure" }, label, range, shown) };
}

const VERDICT = { true: ["✓", "Right."], false: ["✗", "Not right."] };

function showFeedback(node, content) {
  const [mark, word] = VERDICT[String(content.right)] || ["", ""];
  const said = content.feedback || "";
  node.dataset.right = String(content.right);
  node.replaceChildren();
  node.hidden = !said;
  if (!said) return;
  if (mark) node.append(element("span", { "aria-hidden": "true", class: "course-mark" }, mark), " ");
  if (word && !said.startsWith(word.slice(0, -1))) node.append(element("strong", {}, word), " ");
  node.append(...prose(said));
}

function renderForm({ model, el }) {
  // Each widget may load this file anew, so a counter would start again: the name is drawn.
  const name = `course-card-${Math.random().toString(36).slice(2)}`;
  const content = () => model.get("content");
  const first = content();
  el.classList.add("course-card");
  el.addEventListener("keydown", keepKeys);

  const options = first.options.map((text, i) => option(name, text, i));
  const legend = element("legend", {}, ...prose(first.question));
  const fieldset = element("fieldset", {}, legend, ...options);
  const sure = first.confidence ? confidenceInput(name, first.confidence_value) : null;
  const button = element("button", { type: "button" }, first.button);
  const feedback = element("div", {
    class: "course-feedback", role: "status", "aria-live": "polite", tabindex: "-1",
  });
  const hint = element("p", { class: "course-hint" });
  if (first.heading) el.append(element("p", { class: "course-heading" }, first.heading));
  el.append(fieldset, ...(sure ? [sure.row] : []), button, hint, feedback);

  const radios = [...fieldset.querySelectorAll("input")];
  let waiting = 0;
  const update = () => {
    const now = content();
    clearTimeout(waiting);
    radios.forEach((radio, i) => {
      if (now.chosen !== null) radio.checked = i === now.chosen;
      radio.disabled = now.locked;
    });
    if (sure) sure.range.disabled = now.locked;
    const loses = now.locked && document.activeElement === button;
    button.disabled = now.locked;
    showFeedback(feedback, now);
    if (loses) feedback.focus();
  };
  button.addEventListener("click", () => {
    const index = radios.findIndex((radio) => radio.checked);
    if (index < 0) {
      showFeedback(feedback, { right: null, feedback: "Choose an answer first." });
      return;
    }
    showFeedback(feedback, { right: null, feedback: "…" });
    waiting = setTimeout(() => {
      showFeedback(feedback, { right: null, feedback: "No answer came. Run this cell again, then choose." });
    }, ANSWER_WITHIN);
    send(model, { kind: "chosen", index, confidence: sure ? Number(sure.range.value) : null });
  });
  model.on("change:content", update);
  const forget = greet(model, hint);
  update();
  return () => {
    forget();
    clearTimeout(waiting);
    model.off("change:content", update);
    el.removeEventListener("keydown", keepKeys);
  };
}

// A slider and a field for one number. Until one of them was touched there is no value, and the slider says so.
function scale(name, statement, index) {
  const id = `${name}-${index}`;
  const label = element("p", { id: `${id}-text` }, ...prose(statement));
  const range = element("input", {
    type: "range", min: 0, max: 100, step: 1, value: 50, "aria-labelledby": `${id}-text`,
    "aria-valuetext": "not set yet",
  });
  const field = element("input", {
    type: "number", min: 0, max: 100, step: 1, inputmode: "numeric", "aria-labelledby": `${id}-text`,
    placeholder: "0–100",
  });
  const row = element("div", { class: "course-scale", "data-set": "false" }, label,
    element("div", { class: "course-scale-row" }, element("span", { "aria-hidden": "true" }, "0"), range,
      element("span", { "aria-hidden": "true" }, "100"), field, element("span", { "aria-hidden": "true" }, "%")));
  const set = (value) => {
    row.dataset.set = "true";
    range.value = value;
    range.setAttribute("aria-valuetext", `${value} per cent`);
  };
  range.addEventListener("input", () => {
    set(range.value);
    field.value = range.value;
  });
  field.addEventListener("input", () => {
    if (isPerCent(field.value)) set(field.value);
  });
  const put = (value) => {
    set(value);
    field.value = value;
  };
  return { row, range, field, put, value: () => (isPerCent(field.value) ? Number(field.value) : null) };
}

function isPerCent(text) {
  return /^\d{1,3}$/.test(text.trim()) && Number(text) <= 100;
}

function renderScales({ model, el }) {
  const name = `course-card-${Math.random().toString(36).slice(2)}`;
  const content = () => model.get("content");
  const first = content();
  el.classList.add("course-card");
  el.addEventListener("keydown", keepKeys);

  const scales = first.statements.map((text, i) => scale(name, text, i));
  const legend = element("legend", {}, ...prose(first.question));
  const fieldset = element("fieldset", {}, legend, ...scales.map((each) => each.row));
  const button = element("button", { type: "button" }, first.button);
  const feedback = element("div", {
    class: "course-feedback", role: "status", "aria-live": "polite", tabindex: "-1",
  });
  const hint = element("p", { class: "course-hint" });
  if (first.heading) el.append(element("p", { class: "course-heading" }, first.heading));
  el.append(fieldset, button, hint, feedback);

  let waiting = 0;
  const update = () => {
    const now = content();
    clearTimeout(waiting);
    scales.forEach((each, i) => {
      if (now.values) each.put(now.values[i]);
      each.range.disabled = each.field.disabled = now.locked;
    });
    const loses = now.locked && document.activeElement === button;
    button.disabled = now.locked;
    showFeedback(feedback, { right: null, feedback: now.feedback });
    if (loses) feedback.focus();
  };
  button.addEventListener("click", () => {
    const values = scales.map((each) => each.value());
    const missing = values.indexOf(null);
    if (missing >= 0) {
      showFeedback(feedback, { right: null, feedback: "Give each statement a whole number from 0 to 100." });
      scales[missing].field.focus();
      return;
    }
    showFeedback(feedback, { right: null, feedback: "…" });
    waiting = setTimeout(() => {
      showFeedback(feedback, { right: null, feedback: "No answer came. Run this cell again, then give your numbers." });
    }, ANSWER_WITHIN);
    send(model, { kind: "kept", values });
  });
  model.on("change:content", update);
  const forget = greet(model, hint);
  update();
  return () => {
    forget();
    clearTimeout(waiting);
    model.off("change:content", update);
    el.removeEventListener("keydown", keepKeys);
  };
}

// A button that does one thing which takes a while. What it says comes in one line and, as it is, in many.
function renderAction({ model, el }) {
  const content = () => model.get("content");
  const first = content();
  el.classList.add("course-card");
  el.addEventListener("keydown", keepKeys);

  const button = element("button", { type: "button" }, first.button);
  const feedback = element("div", { class: "course-feedback", role: "status", "aria-live": "polite" });
  const detail = element("pre", { class: "course-detail", tabindex: "0", "aria-label": "Details" });
  const hint = element("p", { class: "course-hint" });
  el.append(
    element("p", { class: "course-heading" }, first.heading), element("p", {}, ...prose(first.text)),
    button, hint, feedback, detail,
  );

  let waiting = 0;
  const update = () => {
    const now = content();
    clearTimeout(waiting);
    // A button that is disabled loses the focus; this one stays where the keyboard is.
    button.setAttribute("aria-disabled", String(now.busy));
    showFeedback(feedback, { right: null, feedback: now.busy ? now.working : now.feedback });
    setText(detail, now.busy ? "" : now.detail);
  };
  button.addEventListener("click", () => {
    if (content().busy) return;
    showFeedback(feedback, { right: null, feedback: "…" });
    waiting = setTimeout(() => {
      showFeedback(feedback, { right: null, feedback: "No answer came. Run this cell again, then press the button." });
    }, ANSWER_WITHIN);
    send(model, { kind: "pressed" });
  });
  model.on("change:content", update);
  const forget = greet(model, hint);
  update();
  return () => {
    forget();
    clearTimeout(waiting);
    model.off("change:content", update);
    el.removeEventListener("keydown", keepKeys);
  };
}

// One item after the other, coded by single keys. All that is shown comes from the kernel, which keeps every key.
function codeButton(code, press) {
  const button = element("button", { type: "button", "data-key": code.key, title: code.help },
    element("kbd", {}, code.key), ` ${code.label}`);
  button.addEventListener("click", () => press(code.key));
  return button;
}

function codeGroup(group, press) {
  const buttons = group.codes.map((code) => codeButton(code, press));
  const heading = element("p", { class: "course-question" }, group.question);
  const node = element("div", { role: "group", "aria-label": group.question, class: "course-codes" }, heading, ...buttons);
  const put = (chosen) => buttons.forEach((button) => {
    const on = button.dataset.key === chosen;
    if (button.getAttribute("aria-pressed") !== String(on)) button.setAttribute("aria-pressed", String(on));
  });
  return { node, put };
}

function renderSheet({ model, el }) {
  const content = () => model.get("content");
  const first = content();
  el.classList.add("course-card", "course-sheet");
  const press = (key) => send(model, { kind: "key", key });
  const act = (name) => send(model, { kind: "do", name });

  const status = element("p", { class: "course-heading", role: "status", "aria-live": "polite" });
  const progress = element("progress", { max: 1, value: 0, "aria-label": "Items coded" });
  const hint = element("p", { class: "course-hint" });
  const summary = element("p", { class: "course-summary", "aria-live": "polite" });
  const who = element("p", { class: "course-who" });
  const source = element("p", { class: "course-source" });
  const excerpt = element("blockquote", { class: "course-excerpt", tabindex: "0", "aria-label": "Excerpt" });
  const groups = first.groups.map((group) => codeGroup(group, press));
  const feedback = element("div", { class: "course-feedback", role: "status", "aria-live": "polite" });
  const tools = element("div", { class: "course-tools", role: "group", "aria-label": "Move and undo" });
  const actions = Object.fromEntries(first.actions.map((each) => {
    const button = element("button", { type: "button" }, each.label);
    button.addEventListener("click", () => act(each.name));
    tools.append(button);
    return [each.name, button];
  }));
  const rules = element("div", { class: "course-table" });
  const book = element("details", {}, element("summary", {}, "The codebook"), rules);
  const image = element("img", { class: "course-figure", alt: "" });
  const table = element("div", { class: "course-table" });
  const item = element("div", { class: "course-coded", tabindex: "0", role: "group", "aria-label": "Item to code" },
    who, summary, source);
  el.append(hint, status, progress, image, table, item, ...groups.map((each) => each.node), feedback, tools, excerpt,
    book);

  const keys = new Set([...first.groups.flatMap((group) => group.codes.map((code) => code.key)),
    ...Object.keys(first.shortcuts)]);
  const onKey = (event) => {
    keepKeys(event);
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (!keys.has(key)) return;
    event.preventDefault();
    if (first.shortcuts[key]) act(first.shortcuts[key]);
    else press(key);
  };
  let url = "";
  const update = () => {
    const now = content();
    setText(status, now.status);
    progress.max = now.of;
    progress.value = now.done;
    setText(summary, now.item.summary);
    setText(who, now.item.who);
    setText(source, now.item.source);
    setText(excerpt, now.item.excerpt);
    now.groups.forEach((group, i) => groups[i].put(group.chosen));
    showFeedback(feedback, { right: null, feedback: now.feedback });
    now.actions.forEach((each) => {
      const button = actions[each.name];
      setText(button, each.label);
      button.setAttribute("aria-disabled", String(!each.enabled));
    });
    if (rules.innerHTML !== now.rules) rules.innerHTML = now.rules;
    if (table.innerHTML !== now.table) table.innerHTML = now.table;
    const png = model.get("png");
    image.hidden = !(png && png.byteLength);
    if (!image.hidden) {
      if (url) URL.revokeObjectURL(url);
      url = URL.createObjectURL(new Blob([png], { type: "image/png" }));
      image.alt = now.alt;
      image.style.width = `${now.width}px`;
      image.src = url;
    }
  };
  let leave = () => {};
  const stop = whenInLab(el, (root) => (leave = adoptRoot(root, first.label)));
  el.addEventListener("keydown", onKey);
  model.on("change:content", update);
  const forget = greet(model, hint);
  update();
  return () => {
    stop();
    leave();
    forget();
    el.removeEventListener("keydown", onKey);
    model.off("change:content", update);
    if (url) URL.revokeObjectURL(url);
  };
}

// One question of a page: a number that is typed, or options of which one can be chosen, or none.
function pageItem(name, item, tell) {
  const id = `${name}-${item.name}`;
  if (!item.options.length) {
    const field = element("input", {
      type: "number", id, min: item.lowest, max: item.highest, step: 1, inputmode: "numeric", disabled: item.locked,
    });
    if (item.value !== null) field.value = item.value;
    field.addEventListener("input", () => {
      const text = field.value.trim();
      if (!text) tell(item.name, null);
      else if (/^\d{1,4}$/.test(text)) tell(item.name, Number(text));
    });
    const problem = element("div", {
      class: "course-feedback course-problem", id: `${id}-problem`, role: "status", "aria-live": "polite",
    });
    problem.hidden = true;
    field.setAttribute("aria-describedby", problem.id);
    const label = element("label", { for: id }, ...prose(item.text));
    return element("div", { class: "course-item", "data-item": item.name }, label, field, problem);
  }
  const choices = item.options.map((text, i) => option(id, text, i));
  const none = option(id, "no answer", -1);
  none.classList.add("course-no-answer");
  const row = element("div", { class: item.in_a_row ? "course-row" : "" }, ...choices, none);
  const fieldset = element("fieldset", { disabled: item.locked }, element("legend", {}, ...prose(item.text)), row);
  for (const radio of row.querySelectorAll("input")) {
    radio.checked = item.value !== null && Number(radio.value) === item.value;
    radio.addEventListener("change", () => tell(item.name, Number(radio.value) < 0 ? null : Number(radio.value)));
  }
  return element("div", { class: "course-item" }, fieldset);
}

// A questionnaire, a page at a time. Pages and answers travel as messages, so that none is saved with the notebook.
function renderPages({ model, el }) {
  const name = `course-pages-${Math.random().toString(36).slice(2)}`;
  el.classList.add("course-card", "course-pages");
  el.setAttribute("role", "group");
  el.setAttribute("aria-label", model.get("content").label || "Survey");
  el.addEventListener("keydown", keepKeys);
  const hint = element("p", { class: "course-hint" });
  const body = element("div", { class: "course-page" });
  const said = element("div", { class: "course-feedback", role: "status", "aria-live": "polite" });
  el.append(hint, body, said);
  said.hidden = true;

  let waiting = 0;
  let heading = null;
  const say = (text) => showFeedback(said, { right: null, feedback: text });
  // What is wrong with a number is said beside it: the foot of a long page may be out of sight.
  const answered = (text, item) => {
    const place = [...body.querySelectorAll("[data-item]")].find((each) => each.dataset.item === item);
    if (!place) {
      say(text);
      return;
    }
    say("");
    showFeedback(place.querySelector(".course-problem"), { right: null, feedback: text });
    place.querySelector("input").setAttribute("aria-invalid", String(Boolean(text)));
  };
  const patience = () => {
    clearTimeout(waiting);
    waiting = setTimeout(
      () => say("No answer came. Run this cell again; what was kept before is still there."), ANSWER_WITHIN,
    );
  };
  const tell = (item, value) => {
    patience();
    send(model, { kind: "answered", name: item, value });
  };
  const press = (button) => {
    patience();
    send(model, { kind: "pressed", button });
  };
  const show = (page) => {
    const turned = heading !== null && heading !== page.heading;
    const focused = el.contains(document.activeElement) ? document.activeElement.dataset.button : null;
    heading = page.heading;
    const title = element("p", { class: "course-heading", tabindex: "-1" }, page.heading);
    const detail = page.detail
      ? [element("pre", { class: "course-detail", tabindex: "0", role: "region", "aria-label": "Details" }, page.detail)]
      : [];
    const buttons = page.buttons.map((each) => {
      const node = element("button", { type: "button", "data-button": each.name }, each.label);
      if (each.quiet) node.classList.add("course-quiet");
      node.addEventListener("click", () => press(each.name));
      return node;
    });
    body.replaceChildren(
      title, ...page.paragraphs.map((text) => element("p", {}, ...prose(text))),
      ...page.items.map((item) => pageItem(name, item, tell)), ...detail,
      element("div", { class: "course-buttons" }, ...buttons),
    );
    say(page.said);
    if (turned) title.focus();
    else if (focused) (body.querySelector(`[data-button="${focused}"]`) || title).focus();
  };
  const heard = (message) => {
    if (message?.kind !== "page" && message?.kind !== "said") return;
    clearTimeout(waiting);
    if (message.kind === "page") show(message.page);
    else answered(message.text, message.item);
  };
  model.on("msg:custom", heard);
  const forget = greet(model, hint);
  return () => {
    forget();
    clearTimeout(waiting);
    model.off("msg:custom", heard);
    el.removeEventListener("keydown", keepKeys);
  };
}

const FACES = {
  form: renderForm, scales: renderScales, action: renderAction, pages: renderPages, sheet: renderSheet,
  figure: renderFigure,
};

export default {
  render(context) {
    return FACES[context.model.get("mode")](context);
  },
};
