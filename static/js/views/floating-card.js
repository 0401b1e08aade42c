/** A small card at a place of the page. It goes away by Escape, by its button or by a press elsewhere, and gives the focus back. */

import { make, makeSvg, setText } from "./elements.js";

/** @typedef {{left: number, top: number, right: number, bottom: number}} Box in pixels of the window */

const distance = 8;
const margin = 8;

/** @returns {SVGElement} */
function crossIcon() {
  const icon = makeSvg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" });
  icon.append(makeSvg("path", { d: "m4 4 8 8M12 4l-8 8" }));
  return icon;
}

/** Below what it belongs to; above when there is no room below; never out of the window. @param {Box} anchor @param {DOMRect} card */
function placeNear(anchor, card) {
  const { clientWidth: width, clientHeight: height } = document.documentElement;
  const isAbove = anchor.bottom + distance + card.height > height - margin && anchor.top > card.height + distance;
  const top = isAbove ? anchor.top - distance - card.height : anchor.bottom + distance;
  const left = (anchor.left + anchor.right - card.width) / 2;
  return {
    left: Math.max(margin, Math.min(left, width - card.width - margin)),
    top: Math.max(margin, Math.min(top, height - card.height - margin)),
  };
}

/** One card, opened again and again. */
export class FloatingCard {
  /** @type {HTMLElement | null} what had the focus before */
  #opener = null;
  /** @type {Box | null} */
  #anchor = null;
  #width = 0;

  /**
   * @param {HTMLElement} parent a positioned one, so that the card scrolls with it
   * @param {{name: string, id: string, onClose: () => void}} options
   */
  constructor(parent, { name, id, onClose }) {
    this.parent = parent;
    this.onClose = onClose;
    this.title = make("strong");
    this.closing = make("button", { type: "button", class: "floating-card__close" }, crossIcon());
    this.body = make("div", { class: "floating-card__body" });
    const head = make("div", { class: "floating-card__head" }, this.title, this.closing);
    this.card = make(
      "dialog",
      { class: `floating-card ${name}`, id, "aria-labelledby": `${id}-title` },
      head,
      this.body,
    );
    parent.append(this.card);
    this.closing.onclick = () => this.close();
    this.card.addEventListener("keydown", (key) => {
      if (key.key !== "Escape") return;
      key.stopPropagation();
      this.close();
    });
    document.addEventListener("pointerdown", (pointer) => this.#pressed(/** @type {Node} */ (pointer.target)));
    new ResizeObserver(() => this.#moved()).observe(document.documentElement);
  }

  /** A window of another width has everything elsewhere; one that is less high may only make room for a keyboard. */
  #moved() {
    const { clientWidth } = document.documentElement;
    if (this.#width && this.#width !== clientWidth) this.close(false);
    this.#width = clientWidth;
  }

  get isOpen() {
    return this.card.open;
  }

  /** @param {{title: string, label: string, close: string}} texts label: of the card as a whole, for who does not see it */
  name({ title, label, close }) {
    setText(this.title, title);
    this.card.setAttribute("aria-label", label);
    this.closing.setAttribute("aria-label", close);
  }

  /** @param {Box} anchor @param {HTMLElement | null} opener takes the focus when the card closes */
  open(anchor, opener) {
    const active = document.activeElement;
    this.#opener = opener ?? (active instanceof HTMLElement && active !== document.body ? active : null);
    this.#anchor = anchor;
    if (!this.card.open) this.card.show();
    this.place();
  }

  /** Its contents may have grown. */
  place() {
    if (!this.#anchor) return;
    const { left, top } = placeNear(this.#anchor, this.card.getBoundingClientRect());
    const origin = this.parent.getBoundingClientRect();
    this.card.style.left = `${left - origin.left - this.parent.clientLeft}px`;
    this.card.style.top = `${top - origin.top - this.parent.clientTop}px`;
  }

  /** @param {boolean} givesFocusBack */
  close(givesFocusBack = true) {
    if (!this.card.open) return;
    const hadFocus = this.card.contains(document.activeElement);
    this.card.close();
    if (givesFocusBack && hadFocus) this.#opener?.focus();
    this.onClose();
  }

  /** @param {Node} target */
  #pressed(target) {
    if (this.card.open && !this.card.contains(target) && !this.#opener?.contains(target)) this.close(false);
  }
}
