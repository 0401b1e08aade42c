/** What every control does and what to look for; the keyboard's shortcuts. */

import { createHelpDialogView } from "../../views/help-dialog.js";
import { createHelpHintsView } from "../../views/help-hints.js";
import { createShortcutsView } from "../../views/help-shortcuts.js";
import { helpDialogData, helpHintsData } from "./view-data.js";

/**
 * @param {import("../room.js").Tools} tools
 * @returns {import("../room.js").Room}
 */
export function createHelpRoom({ root, store, memory, onIntent }) {
  const setHelp = (/** @type {Partial<import("./slice.js").HelpSlice>} */ change) =>
    store.set({ help: { ...store.get().help, ...change } });
  const onMore = (/** @type {string} */ topic) => {
    setHelp({ topic });
    onIntent({ type: "open_dialog", name: "help" });
  };
  // A topic is sought once: whoever opens the help later finds its beginning.
  let wasOpen = false;
  const hints = createHelpHintsView(root, { onMore });
  const dialog = createHelpDialogView(root, { onIntent });
  const keys = createShortcutsView(root);
  setHelp({ hasShortcuts: memory.recall("shortcuts") !== "off" });
  return {
    acts: {
      shortcuts({ isOn }) {
        memory.keep("shortcuts", isOn ? "on" : "off");
        setHelp({ hasShortcuts: isOn });
      },
    },
    follow({ dialog: open }) {
      const isOpen = open === "help";
      const isClosing = wasOpen && !isOpen;
      wasOpen = isOpen;
      if (isClosing) setHelp({ topic: null });
    },
    render(state) {
      keys.render({ hasShortcuts: state.help.hasShortcuts });
      hints.render(helpHintsData(state));
      dialog.render(helpDialogData(state));
    },
  };
}
