/** Own images: bring a zip or a folder, see how it goes and what could not be read, delete them. */

import { find, make, setText, whenChanged } from "../elements.js";
import { keepFocus } from "../focus-keeper.js";
import { chosenSet, showShare } from "./missing-set.js";
import { createRefusal } from "./refusal.js";

/**
 * @typedef {object} OwnImagesData
 * @property {import("../../i18n/i18n.js").Translator} translator
 * @property {boolean} isAdding
 * @property {boolean} isShown
 * @property {boolean} isBusy
 * @property {boolean} isSending
 * @property {string} state
 * @property {number | null} progress 0 to 1
 * @property {import("./refusal.js").RefusalData} refusal
 * @property {string} expires
 * @property {boolean} canDelete
 * @property {readonly {file: string, message: string}[] | null} problems
 */

/** @typedef {{type: "own_zip", file: File} | {type: "own_folder", files: File[]} | {type: "own_stop"} | {type: "own_delete"}} OwnImagesIntent */

/** More bad files than anybody reads. */
const mostProblems = 100;

/** The server's sentence begins with the name of the file, as a rule. @param {{file: string, message: string}} problem */
function problemItem({ file, message }) {
  const rest = message.startsWith(file) ? message.slice(file.length) : ` ${message}`;
  return make("li", {}, make("b", {}, file), rest);
}

/** @param {ParentNode} root @param {(intent: OwnImagesIntent) => void} onIntent */
function createEntrance(root, onIntent) {
  const box = find(root, "#own-images", HTMLElement);
  const zip = find(root, "#own-zip-file", HTMLInputElement);
  const folder = find(root, "#own-folder-files", HTMLInputElement);
  const buttons = ["#own-zip", "#own-folder"].map((id) => find(root, id, HTMLButtonElement));
  const bring = (/** @type {File | undefined} */ file) => file && onIntent({ type: "own_zip", file });
  buttons[0].onclick = () => zip.click();
  buttons[1].onclick = () => folder.click();
  zip.onchange = () => {
    bring(zip.files?.[0]);
    zip.value = "";
  };
  folder.onchange = () => {
    onIntent({ type: "own_folder", files: [...(folder.files ?? [])] });
    folder.value = "";
  };
  box.ondragover = (drag) => {
    drag.preventDefault();
    box.dataset.isOver = "true";
  };
  box.ondragleave = () => delete box.dataset.isOver;
  box.ondrop = (drop) => {
    drop.preventDefault();
    delete box.dataset.isOver;
    bring(drop.dataTransfer?.files[0]);
  };
  return { box, buttons };
}

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: OwnImagesIntent) => void}} options
 */
export function createOwnImagesView(root, { onIntent }) {
  const { box, buttons } = createEntrance(root, onIntent);
  const entrance = find(root, "#own-entrance", HTMLElement);
  const state = find(root, "#own-state", HTMLElement);
  const words = find(root, "#own-state-text", HTMLElement);
  const bar = find(root, "#own-progress", HTMLProgressElement);
  const stop = find(root, "#own-stop", HTMLButtonElement);
  const showRefusal = createRefusal(root);
  const kept = find(root, "#own-kept", HTMLElement);
  const expires = find(root, "#own-expires", HTMLElement);
  const bad = find(root, "#own-problems", HTMLElement);
  const badCount = find(root, "#own-problems-count", HTMLElement);
  const badList = find(root, "#own-problems-list", HTMLElement);
  stop.onclick = () => onIntent({ type: "own_stop" });
  const remove = find(root, "#own-delete", HTMLButtonElement);
  remove.onclick = () => onIntent({ type: "own_delete" });

  const render = whenChanged((/** @type {OwnImagesData} */ data) => {
    const problems = data.isAdding ? [] : (data.problems ?? []);
    entrance.hidden = !data.isAdding;
    for (const button of buttons) button.disabled = data.isBusy;
    state.hidden = !data.isBusy;
    setText(words, data.state);
    bar.setAttribute("aria-label", data.state);
    showShare(bar, data.progress);
    stop.hidden = !data.isSending;
    showRefusal(data.refusal);
    keepFocus(
      remove,
      () => chosenSet(root),
      () => {
        box.hidden = !data.isShown;
        kept.hidden = data.isAdding || !data.canDelete;
      },
    );
    setText(expires, data.expires);
    bad.hidden = problems.length === 0;
    setText(badCount, data.translator.t("images.own.problems", { count: problems.length }));
    const shown = problems.slice(0, mostProblems);
    badList.replaceChildren(...shown.map(problemItem));
  });
  return { render, destroy() {} };
}
