/** Tabs over panels: the arrow keys go from tab to tab, as the ARIA pattern asks. */

import { whenChanged } from "./elements.js";

/** @typedef {{type: "panel", name: string}} PanelIntent */

/** @type {Record<string, (index: number, count: number) => number>} */
const moves = {
  ArrowRight: (index, count) => (index + 1) % count,
  ArrowLeft: (index, count) => (index + count - 1) % count,
  Home: () => 0,
  End: (_index, count) => count - 1,
};

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: PanelIntent) => void}} options
 */
export function createPanelTabsView(root, { onIntent }) {
  const tabs = /** @type {HTMLElement[]} */ ([...root.querySelectorAll('.panels [role="tab"]')]);
  const open = (/** @type {HTMLElement} */ tab) => onIntent({ type: "panel", name: tab.dataset.panel ?? "" });
  tabs.forEach((tab, index) => {
    tab.onclick = () => open(tab);
    tab.onkeydown = (key) => {
      const move = moves[key.key];
      if (!move) return;
      key.preventDefault();
      const next = tabs[move(index, tabs.length)];
      next.focus();
      open(next);
    };
  });
  const render = whenChanged((/** @type {{panel: string}} */ { panel }) => {
    for (const tab of tabs) {
      const isOpen = tab.dataset.panel === panel;
      tab.setAttribute("aria-selected", String(isOpen));
      tab.tabIndex = isOpen ? 0 : -1;
      const shown = root.querySelector(`#panel-${tab.dataset.panel}`);
      if (shown instanceof HTMLElement) shown.hidden = !isOpen;
    }
  });
  return { render, destroy() {} };
}
