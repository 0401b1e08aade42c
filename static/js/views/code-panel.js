/** The code behind the page: read, copied, taken home. Lines that a change of the settings made new are marked. */

import { newLines, pythonTokens, tokenLines } from "../core/python-tokens.js";
import { copyText } from "./clipboard.js";
import { downloadText } from "./download.js";
import { find, make, setText, whenChanged } from "./elements.js";

/**
 * @typedef {object} CodePanelData
 * @property {import("../i18n/i18n.js").Translator} translator
 * @property {string} script
 * @property {any} notebook
 * @property {string} problem
 * @property {string} name of the files
 */

/**
 * @param {import("../core/python-tokens.js").Token[]} tokens of one line
 * @param {boolean} isNew
 */
function makeLine(tokens, isNew) {
  const pieces = tokens.map(({ kind, text }) =>
    kind === "plain" ? text : make("span", { class: `py-${kind}` }, text),
  );
  return make("span", { class: isNew ? "code__line is-new" : "code__line" }, ...pieces, "\n");
}

/** @param {ParentNode} root */
export function createCodePanelView(root) {
  const listing = find(root, "#code-listing", HTMLElement);
  const said = find(root, "#code-said", HTMLElement);
  const buttons = ["code-copy", "code-script", "code-notebook"].map((id) => find(root, `#${id}`, HTMLButtonElement));
  /** @type {CodePanelData | null} */
  let shown = null;
  const [copyButton, scriptButton, notebookButton] = buttons;

  /** @param {string} ending @param {string} text @param {string} type */
  const save = (ending, text, type) => downloadText({ name: `${shown?.name}.${ending}`, text, type });
  copyButton.onclick = async () => {
    const isCopied = await copyText(shown?.script ?? "", () => window.getSelection()?.selectAllChildren(listing));
    setText(said, shown?.translator.t(isCopied ? "code.copied" : "code.copy_by_hand") ?? "");
  };
  scriptButton.onclick = () => save("py", shown?.script ?? "", "text/x-python");
  notebookButton.onclick = () => save("ipynb", JSON.stringify(shown?.notebook, null, 1), "application/x-ipynb+json");

  const render = whenChanged((/** @type {CodePanelData} */ data) => {
    const before = shown?.script.split("\n") ?? [];
    const isChanged = data.script !== shown?.script;
    const hadScript = Boolean(shown?.script);
    shown = data;
    for (const button of buttons) button.disabled = data.script === "";
    if (!isChanged && data.script) return;
    const fresh = hadScript ? newLines(before, data.script.split("\n")) : new Set();
    const lines = tokenLines(pythonTokens(data.script)).map((tokens, index) => makeLine(tokens, fresh.has(index)));
    listing.replaceChildren(...lines);
    setText(said, data.problem);
  });
  return { render, destroy() {} };
}
