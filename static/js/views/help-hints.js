/**
 * A small button beside everything that has a topic of help (`data-help`): it opens a card with a sentence and what to
 * look for. The sentence is also the description of the control, for those who hear the page.
 */

import { topicOf } from "../core/help-topics.js";
import { find, make, setText, whenChanged } from "./elements.js";

/** @typedef {import("../i18n/i18n.js").Translator} Translator */

const gap = 8;
const words = "label, h2, h3, h4, legend, th, strong";
const controls = "input, select, button, canvas, a[href]";

/**
 * A label and a heading keep their words to themselves: their button stands behind them. Elsewhere it goes inside.
 * @param {HTMLElement} place
 * @param {HTMLElement} button
 */
function putBeside(place, button) {
  if (!place.matches(words)) {
    place.append(button);
    return;
  }
  const both = make("span", { class: "hinted" });
  place.replaceWith(both);
  both.append(place, button);
}

/**
 * @param {HTMLElement} place with a topic
 * @returns {Element | null} the control it is about
 */
function controlOf(place) {
  if (place.matches(controls)) return place;
  const named = place.getAttribute("for");
  return named ? place.ownerDocument.getElementById(named) : place.querySelector(controls);
}

/** @param {Element} control @param {string} id */
function describe(control, id) {
  const known = control.getAttribute("aria-describedby")?.split(" ") ?? [];
  if (!known.includes(id)) control.setAttribute("aria-describedby", [...known, id].join(" "));
}

/** The card of one topic at a time. */
class HintCard {
  /** @type {HTMLElement | null} the button it belongs to */
  opener = null;

  /** @param {HTMLElement} root @param {(topic: string) => void} onMore */
  constructor(root, onMore) {
    this.home = root.ownerDocument.body;
    this.card = find(root, "#hint-card", HTMLElement);
    this.name = find(this.card, "#hint-name", HTMLElement);
    this.text = find(this.card, "#hint-text", HTMLElement);
    this.see = find(this.card, "#hint-see", HTMLElement);
    find(this.card, "#hint-close", HTMLButtonElement).onclick = () => this.close(true);
    find(this.card, "#hint-more", HTMLButtonElement).onclick = () => {
      const topic = this.opener?.dataset.topic ?? "";
      this.close(false);
      onMore(topic);
    };
    root.addEventListener("keydown", (press) => this.#leaveByKey(press), true);
    root.addEventListener("pointerdown", ({ target }) => this.#leaveByPress(target));
    const leaveByScroll = (/** @type {Event} */ { target }) => target !== this.card && this.close(false);
    this.home.ownerDocument.addEventListener("scroll", leaveByScroll, { capture: true, passive: true });
    this.home.ownerDocument.defaultView?.addEventListener("resize", () => this.close(false));
  }

  /** @param {KeyboardEvent} press */
  #leaveByKey(press) {
    if (press.key !== "Escape" || !this.opener) return;
    // Only the card: the dialog it may lie over stays.
    press.preventDefault();
    press.stopPropagation();
    this.close(true);
  }

  /** @param {EventTarget | null} target */
  #leaveByPress(target) {
    if (!this.opener || !(target instanceof Node)) return;
    if (!this.card.contains(target) && !this.opener.contains(target)) this.close(false);
  }

  /** @param {HTMLElement} opener @param {Translator} translator */
  toggle(opener, translator) {
    if (this.opener === opener) this.close(true);
    else this.#open(opener, translator);
  }

  /** @param {HTMLElement} opener @param {Translator} translator */
  #open(opener, { t }) {
    this.close(false);
    const { id, name } = topicOf(opener.dataset.topic ?? "") ?? { id: "", name: "" };
    setText(this.name, t(name));
    setText(this.text, t(`help.${id}`));
    setText(this.see, t(`help.${id}.see`));
    this.opener = opener;
    opener.setAttribute("aria-expanded", "true");
    // A modal dialog silences everything outside itself.
    (opener.closest("dialog") ?? this.home).append(this.card);
    this.card.hidden = false;
    this.#place(opener.getBoundingClientRect());
    this.card.focus({ preventScroll: true });
  }

  /** @param {DOMRect} beside */
  #place(beside) {
    const { clientWidth, clientHeight } = this.home.ownerDocument.documentElement;
    const { width, height } = this.card.getBoundingClientRect();
    const left = Math.min(Math.max(gap, beside.left + beside.width / 2 - width / 2), clientWidth - width - gap);
    const isBelow = beside.bottom + gap + height <= clientHeight || beside.top < height + gap;
    const top = isBelow ? Math.min(beside.bottom + gap, clientHeight - height - gap) : beside.top - gap - height;
    this.card.style.left = `${left}px`;
    this.card.style.top = `${Math.max(gap, top)}px`;
  }

  /** @param {boolean} isReturning the focus goes back to where it came from */
  close(isReturning) {
    if (!this.opener) return;
    const { opener } = this;
    this.opener = null;
    this.card.hidden = true;
    opener.setAttribute("aria-expanded", "false");
    this.home.append(this.card);
    if (isReturning) opener.focus();
  }
}

/**
 * @param {HTMLElement} root
 * @param {{onMore: (topic: string) => void}} options asked for everything about a topic
 */
export function createHelpHintsView(root, { onMore }) {
  const card = new HintCard(root, onMore);
  const sentences = make("div", { hidden: "" });
  root.ownerDocument.body.append(sentences);
  /** @type {Translator | null} */
  let shown = null;

  /** @param {HTMLElement} place @param {string} topic */
  function attach(place, topic) {
    place.dataset.hinted = "true";
    const id = `hint-of-${topic}`;
    if (!sentences.querySelector(`#${id}`)) sentences.append(make("span", { id, "data-topic": topic }));
    const control = controlOf(place);
    if (control) describe(control, id);
    if (place.hasAttribute("data-help-spoken")) return;
    const sign = make("span", { "aria-hidden": "true" }, "?");
    const looks = { type: "button", class: "help-sign", "aria-expanded": "false", "data-topic": topic };
    const button = make("button", looks, sign, make("span", { class: "spoken" }));
    button.onclick = () => shown && card.toggle(button, shown);
    putBeside(place, button);
  }

  /** @param {Translator} translator */
  function write({ t }) {
    for (const sentence of /** @type {Iterable<HTMLElement>} */ (sentences.children)) {
      setText(sentence, t(`help.${sentence.dataset.topic}`));
    }
    for (const button of /** @type {Iterable<HTMLElement>} */ (root.querySelectorAll(".help-sign"))) {
      const { name = "" } = topicOf(button.dataset.topic ?? "") ?? {};
      setText(find(button, ".spoken", HTMLElement), t("help.about", { name: t(name) }));
    }
  }

  const render = whenChanged((/** @type {{translator: Translator} & Record<string, unknown>} */ { translator }) => {
    const places = /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-help]:not([data-hinted])"));
    for (const place of places) if (topicOf(place.dataset.help ?? "")) attach(place, place.dataset.help ?? "");
    if (places.length || translator !== shown) write(translator);
    shown = translator;
  });
  return { render, destroy: () => sentences.remove() };
}
