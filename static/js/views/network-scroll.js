/** A drawing wider than its card says so: a button at each side where there is more. */

import { make, makeSvg } from "./elements.js";

/** How much of the visible part one press moves. */
const share = 0.7;

/** @param {"left" | "right"} side @param {string} path SVG path data in a box of 16 */
function makeButton(side, path) {
  const icon = makeSvg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" });
  icon.append(makeSvg("path", { d: path }));
  return make("button", { type: "button", class: `scroll-button scroll-button--${side}`, hidden: "" }, icon);
}

/**
 * @param {HTMLElement} diagram
 * @returns {(translator: import("../i18n/i18n.js").Translator) => void} to be called when the size of the drawing changed
 */
export function createScrollButtons(diagram) {
  const left = makeButton("left", "m10 3-5 5 5 5");
  const right = makeButton("right", "m6 3 5 5-5 5");
  diagram.after(left, right);
  const update = () => {
    const rest = diagram.scrollWidth - diagram.clientWidth - diagram.scrollLeft;
    left.hidden = diagram.scrollLeft < 4;
    right.hidden = rest < 4;
  };
  const move = (/** @type {number} */ direction) => {
    const isCalm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    diagram.scrollBy({ left: direction * diagram.clientWidth * share, behavior: isCalm ? "auto" : "smooth" });
  };
  left.onclick = () => move(-1);
  right.onclick = () => move(1);
  diagram.addEventListener("scroll", update, { passive: true });
  return ({ t }) => {
    left.setAttribute("aria-label", t("network.scroll_left"));
    right.setAttribute("aria-label", t("network.scroll_right"));
    update();
  };
}
