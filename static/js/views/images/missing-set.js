/** What stands where a data set is not there yet: how to get it, and how far that has come. */

import { find, setText, whenChanged } from "../elements.js";
import { keepFocus } from "../focus-keeper.js";

/** @typedef {{isHidden: boolean, text: string, detail: string, button: string, isBusy: boolean, progress: number | null}} MissingSetData */

/**
 * @param {HTMLProgressElement} bar
 * @param {number | null} share 0 to 1; null: nobody knows
 */
export function showShare(bar, share) {
  if (share === null) bar.removeAttribute("value");
  else bar.value = share;
}

/** The set that is chosen: where the focus goes from a button that has done its work. @param {ParentNode} root */
export const chosenSet = (root) =>
  /** @type {HTMLInputElement | null} */ (root.querySelector("#dataset input:checked"));

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: {type: "get_dataset"}) => void}} options
 */
export function createMissingSetView(root, { onIntent }) {
  const box = find(root, "#dataset-missing", HTMLElement);
  const words = find(root, "#dataset-missing-text", HTMLElement);
  const more = find(root, "#dataset-missing-detail", HTMLElement);
  const get = find(root, "#dataset-get", HTMLButtonElement);
  const bar = find(root, "#dataset-progress", HTMLProgressElement);
  get.onclick = () => onIntent({ type: "get_dataset" });
  const render = whenChanged((/** @type {MissingSetData} */ { isHidden, text, detail, button, isBusy, progress }) => {
    setText(words, text);
    setText(more, detail);
    setText(get, button);
    keepFocus(
      get,
      () => chosenSet(root),
      () => {
        box.hidden = isHidden;
        get.hidden = isBusy;
      },
    );
    bar.hidden = !isBusy;
    bar.setAttribute("aria-label", text);
    showShare(bar, progress);
  });
  return { render, destroy() {} };
}
