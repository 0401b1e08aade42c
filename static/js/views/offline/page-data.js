/** What the page that people take home carries inside itself. */

import { find } from "../elements.js";

/** @param {string} text base64 @returns {Uint8Array<ArrayBuffer>} */
const bytesOf = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

/** @param {string} id of a script element with JSON @returns {any} */
export function readPayload(id) {
  return JSON.parse(find(document, `#${id}`, HTMLScriptElement).text);
}

/**
 * @param {string} id of a script element with bytes, gzip and base64
 * @returns {(() => Promise<Uint8Array>) | null} null when there is none
 */
export function readBytes(id) {
  const element = document.getElementById(id);
  if (!(element instanceof HTMLScriptElement)) return null;
  return async () => {
    const unpacked = new Blob([bytesOf(element.text)]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(unpacked).arrayBuffer());
  };
}
