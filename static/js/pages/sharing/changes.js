/** What the dialog that shares the page makes of the page's state. */

import { hideableOf } from "../../state/hideable.js";

/** @type {import("../room.js").Changes} */
export const sharingChanges = {
  hide_in_link: ({ sharing }, { name, isHidden }) => {
    const others = sharing.chosen.filter((each) => each !== name);
    return { sharing: { ...sharing, isCopied: false, chosen: hideableOf(isHidden ? [...others, name] : others) } };
  },
  show_all_controls: ({ sharing }) => ({ sharing: { ...sharing, hidden: [], chosen: [], isEmbedded: false } }),
  dismiss_link_note: ({ sharing }) => ({ sharing: { ...sharing, problems: [], isPlaygrounds: false } }),
  link_copied: ({ sharing }, { isCopied }) => ({ sharing: { ...sharing, isCopied } }),
};
