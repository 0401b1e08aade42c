/** Reads which page this is and starts it. */

import { startPlayground } from "./pages/playground.js";

/** @type {Record<string, () => Promise<void>>} */
const pages = { playground: startPlayground };

await pages[document.body.dataset.page ?? ""]?.();
