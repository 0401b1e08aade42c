/** All help in one place: every control and picture, the keys, the words; and a search over them. */

import { answers, glossary, topicGroups } from "../core/help-topics.js";
import { shortcuts } from "../core/shortcuts.js";
import { find, make, whenChanged } from "./elements.js";

/**
 * @typedef {import("../i18n/i18n.js").Translator} Translator
 * @typedef {{type: "shortcuts", isOn: boolean}} HelpIntent
 */

/** @param {Translator} translator @param {import("../core/help-topics.js").Topic} topic */
function makeTopic({ t }, { id, name }) {
  return make(
    "article",
    { class: "topic", id: `topic-${id}`, tabindex: "-1" },
    make("h4", {}, t(name)),
    make("p", {}, t(`help.${id}`)),
    make("p", { class: "topic__see" }, make("strong", {}, t("help.see")), " ", t(`help.${id}.see`)),
  );
}

/** @param {Translator} translator @param {import("../core/help-topics.js").TopicGroup} group */
function makeGroup(translator, { name, topics }) {
  const title = make("h3", {}, translator.t(`help.group.${name}`));
  const list = make("div", { class: "topics" }, ...topics.map((topic) => makeTopic(translator, topic)));
  return make("section", { class: "help__group" }, title, list);
}

/** @param {Translator} translator @param {string} key as events name it */
function nameOfKey({ t }, key) {
  if (key === " ") return t("key.space");
  return { ArrowRight: "→", ArrowLeft: "←" }[key] ?? key.toUpperCase();
}

/** @param {Translator} translator @param {import("../core/shortcuts.js").Shortcut} shortcut */
function makeShortcut(translator, { name, keys }) {
  const caps = keys.map((key) => make("kbd", {}, nameOfKey(translator, key)));
  return make("div", { class: "key" }, make("dt", {}, ...caps), make("dd", {}, translator.t(`shortcut.${name}`)));
}

/** @param {Translator} translator @param {string} word */
function makeWord({ t }, word) {
  return make("div", { class: "word" }, make("dt", {}, t(`word.${word}`)), make("dd", {}, t(`word.${word}.means`)));
}

/** Hides what does not answer, and groups in which nothing is left. @param {HTMLElement} body @param {string} wanted */
function filter(body, wanted) {
  for (const entry of /** @type {Iterable<HTMLElement>} */ (body.querySelectorAll(".topic, .key, .word"))) {
    entry.hidden = !answers(wanted, [entry.textContent ?? ""]);
  }
  for (const group of /** @type {Iterable<HTMLElement>} */ (body.querySelectorAll(".help__group"))) {
    group.hidden = group.querySelector(":is(.topic, .key, .word):not([hidden])") === null;
  }
  return body.querySelector(".help__group:not([hidden])") !== null;
}

/**
 * @param {HTMLElement} root
 * @param {{onIntent: (intent: HelpIntent) => void}} options
 */
export function createHelpDialogView(root, { onIntent }) {
  const body = find(root, "#help-body", HTMLElement);
  const topics = find(root, "#help-topics", HTMLElement);
  const keys = find(root, "#help-keys", HTMLElement);
  const wordList = find(root, "#help-words", HTMLElement);
  const nothing = find(root, "#help-nothing", HTMLElement);
  const search = find(root, "#help-search", HTMLInputElement);
  const isOn = find(root, "#use-shortcuts", HTMLInputElement);
  isOn.onchange = () => onIntent({ type: "shortcuts", isOn: isOn.checked });
  search.oninput = () => {
    nothing.hidden = filter(body, search.value);
  };
  for (const jump of /** @type {Iterable<HTMLElement>} */ (root.querySelectorAll("[data-jump]"))) {
    jump.onclick = () => find(root, `#${jump.dataset.jump}`, HTMLElement).scrollIntoView({ block: "start" });
  }
  /** @type {Translator | null} */
  let written = null;

  /** @param {Translator} translator */
  function write(translator) {
    topics.replaceChildren(...topicGroups.map((group) => makeGroup(translator, group)));
    keys.replaceChildren(...shortcuts.map((shortcut) => makeShortcut(translator, shortcut)));
    wordList.replaceChildren(...glossary.map((word) => makeWord(translator, word)));
    nothing.hidden = filter(body, search.value);
  }

  const render = whenChanged(
    (/** @type {{translator: Translator, hasShortcuts: boolean, isOpen: boolean, topic: string | null}} */ data) => {
      const { translator, hasShortcuts, isOpen, topic } = data;
      isOn.checked = hasShortcuts;
      if (!isOpen) return;
      if (translator !== written) write(translator);
      written = translator;
      const wanted = topic && root.querySelector(`#topic-${topic}`);
      if (!(wanted instanceof HTMLElement)) return;
      search.value = "";
      nothing.hidden = filter(body, "");
      wanted.scrollIntoView({ block: "center" });
      wanted.focus({ preventScroll: true });
    },
  );
  return { render, destroy() {} };
}
