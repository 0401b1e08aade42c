/** The page's address: every setting in it, and links that hide controls. Also opens and closes the page's dialogs. */

import { createDialogsView } from "../../views/dialog.js";
import { createHiddenControlsView } from "../../views/hidden-controls.js";
import { createLinkNoteView } from "../../views/link-note.js";
import { createShareDialogView } from "../../views/share-dialog.js";
import { hiddenControlsData, linkNoteData, shareDialogData } from "./view-data.js";

/**
 * @param {import("../room.js").Tools} tools
 * @returns {import("../room.js").Room}
 */
export function createSharingRoom({ root, store, onIntent }) {
  const dialogs = createDialogsView(root, { onIntent });
  const hiddenControls = createHiddenControlsView(root);
  const linkNote = createLinkNoteView(root, { onIntent });
  const shareDialog = createShareDialogView(root, { onIntent });
  const page = () => location.href.split("#")[0];
  return {
    acts: {
      open_dialog: ({ name }) => store.set({ dialog: name }),
      close_dialog: () => store.set({ dialog: null, sharing: { ...store.get().sharing, isCopied: false } }),
    },
    render(state) {
      hiddenControls.render(hiddenControlsData(state));
      linkNote.render(linkNoteData(state));
      if (state.dialog === "share") shareDialog.render(shareDialogData(state, page()));
      dialogs.render({ open: state.dialog });
    },
  };
}
