/** What went wrong, or how a run ended, in one sentence, with one thing to do about it; and a quiet bar while no line is open. */

import { find, make, setText, whenChanged } from "./elements.js";

/**
 * @typedef {object} Notice
 * @property {string} text
 * @property {readonly string[]} problems
 * @property {{label: string, intent: string} | null} act
 * @property {boolean} isGood nothing went wrong: said quietly
 */

/**
 * Before the page has anything else to show.
 * @param {ParentNode} root
 * @param {string | null} text why it cannot begin; null when it can
 */
export function showOpeningTrouble(root, text) {
  find(root, "#notice", HTMLElement).hidden = text === null;
  find(root, "#notice-close", HTMLElement).hidden = text !== null;
  setText(find(root, "#notice-text", HTMLElement), text ?? "");
}

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: {type: string}) => void}} options
 */
export function createNoticeView(root, { onIntent }) {
  const box = find(root, "#notice", HTMLElement);
  const text = find(root, "#notice-text", HTMLElement);
  const problems = find(root, "#notice-problems", HTMLElement);
  const act = find(root, "#notice-act", HTMLButtonElement);
  const offline = find(root, "#offline", HTMLElement);
  find(root, "#notice-close", HTMLButtonElement).onclick = () => onIntent({ type: "dismiss" });
  let intent = "";
  act.onclick = () => onIntent({ type: intent });

  const render = whenChanged(
    (
      /** @type {{notice: Notice | null, connection: string, isLasting: boolean}} */ { notice, connection, isLasting },
    ) => {
      offline.hidden = connection === "";
      offline.dataset.isLasting = String(isLasting);
      setText(offline, connection);
      box.hidden = notice === null;
      if (notice === null) return;
      box.dataset.isGood = String(notice.isGood);
      // Only what went wrong interrupts those who hear the page; how a run ended is said by the announcer.
      box.setAttribute("role", notice.isGood ? "group" : "alert");
      setText(text, notice.text);
      problems.replaceChildren(...notice.problems.map((problem) => make("li", {}, problem)));
      act.hidden = notice.act === null;
      setText(act, notice.act?.label ?? "");
      intent = notice.act?.intent ?? "";
    },
  );
  return { render, destroy() {} };
}
