/** The link of the page, ready to be copied, with a choice of controls that it hides. */

import { copyText } from "./clipboard.js";
import { find, make, setText, whenChanged } from "./elements.js";

/**
 * @typedef {object} HideGroup
 * @property {string} group
 * @property {string} title
 * @property {readonly {name: string, label: string, isHidden: boolean}[]} controls
 */

/**
 * @typedef {object} ShareDialogData
 * @property {import("../i18n/i18n.js").Translator} translator
 * @property {string} link
 * @property {readonly string[]} settings that are in it
 * @property {readonly HideGroup[]} groups
 * @property {boolean} isCopied
 */

/**
 * @typedef {{type: "hide_in_link", name: string, isHidden: boolean} | {type: "link_copied", isCopied: boolean}} ShareIntent
 */

/** @param {HideGroup} group @param {(intent: ShareIntent) => void} onIntent */
function makeGroup({ title, controls }, onIntent) {
  const boxes = controls.map(({ name, label }) => {
    const box = make("input", { type: "checkbox", value: name });
    box.onchange = () => onIntent({ type: "hide_in_link", name, isHidden: box.checked });
    return make("label", { class: "hide-choice" }, box, make("span", {}, label));
  });
  return make("fieldset", { class: "hide-group" }, make("legend", {}, title), ...boxes);
}

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: ShareIntent) => void}} options
 */
export function createShareDialogView(root, { onIntent }) {
  const field = find(root, "#share-link", HTMLInputElement);
  const copy = find(root, "#share-copy", HTMLButtonElement);
  const answer = find(root, "#share-copied", HTMLElement);
  const settings = find(root, "#share-settings", HTMLElement);
  const choices = find(root, "#share-hide", HTMLElement);
  let shownChoices = "";
  copy.onclick = async () =>
    onIntent({ type: "link_copied", isCopied: await copyText(field.value, () => field.select()) });
  field.onfocus = () => field.select();

  /** @param {readonly HideGroup[]} groups */
  function renderChoices(groups) {
    const key = groups.map(({ title, controls }) => title + controls.map(({ label }) => label).join()).join();
    if (key !== shownChoices) choices.replaceChildren(...groups.map((group) => makeGroup(group, onIntent)));
    shownChoices = key;
    const hidden = new Set(
      groups.flatMap(({ controls }) => controls.filter((each) => each.isHidden)).map((c) => c.name),
    );
    for (const box of choices.querySelectorAll("input")) box.checked = hidden.has(box.value);
  }

  const render = whenChanged((/** @type {ShareDialogData} */ data) => {
    const { t } = data.translator;
    if (field.value !== data.link) field.value = data.link;
    setText(answer, data.isCopied ? t("share.copied") : "");
    const shown = data.settings.length ? data.settings : [t("share.usual")];
    settings.replaceChildren(...shown.map((setting) => make("li", { class: "chip" }, setting)));
    renderChoices(data.groups);
  });
  return { render, destroy() {} };
}
