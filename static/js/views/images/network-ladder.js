/** Ready-made networks to choose from, simplest first. */

import { find, make, setText, whenChanged } from "../elements.js";

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: {type: "change", name: "network", value: string}) => void}} options
 */
export function createNetworkLadderView(root, { onIntent }) {
  const place = find(root, "#ladder", HTMLElement);
  const about = find(root, "#ladder-about", HTMLElement);
  /** @type {HTMLInputElement[]} */
  let inputs = [];

  /** @param {{name: string, title: string, text: string}} network */
  function rung({ name, title }) {
    const input = make("input", { type: "radio", name: "network", value: name, class: "fills-card" });
    input.onchange = () => onIntent({ type: "change", name: "network", value: name });
    inputs.push(input);
    return make("label", { class: "rung" }, input, make("span", {}, title));
  }

  const render = whenChanged(
    (
      /** @type {{networks: readonly {name: string, title: string, text: string}[], chosen: string | null, byHand: string}} */ data,
      before,
    ) => {
      if (data.networks !== before?.networks) {
        inputs = [];
        place.replaceChildren(...data.networks.map(rung));
      }
      setText(about, data.networks.find(({ name }) => name === data.chosen)?.text ?? data.byHand);
      for (const input of inputs) input.checked = input.value === data.chosen;
    },
  );
  return { render, destroy() {} };
}
