/** Hands a text or bytes that the page has over as a file. */

/**
 * @param {{name: string, text: string, type: string}} file
 */
export function downloadText({ name, text, type }) {
  downloadBlob({ name, blob: new Blob([text], { type }) });
}

/**
 * @param {{name: string, blob: Blob}} file
 */
export function downloadBlob({ name, blob }) {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  Object.assign(link, { href: address, download: name });
  link.click();
  // The browser needs a moment to take the file before its address may go.
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
