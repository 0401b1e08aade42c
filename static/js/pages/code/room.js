/** The Keras script and notebook of the present settings. */

import { createCodePanelView } from "../../views/code-panel.js";
import { createScriptSession } from "./script-session.js";
import { codeData } from "./view-data.js";

/**
 * @param {import("../room.js").Tools} tools
 * @returns {import("../room.js").Room}
 */
export function createCodeRoom(tools) {
  const panel = createCodePanelView(tools.root);
  const scripts = createScriptSession(tools);
  return { follow: () => scripts.follow(), render: (state) => panel.render(codeData(state)) };
}
