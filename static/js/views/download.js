/** Hands a text made in the page over as a file. */

/**
 * @param {{name: string, text: string, type: string}} file
 */
export function downloadText({ name, text, type }) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  Object.assign(link, { href: address, download: name });
  link.click();
  // The browser needs a moment to take the file before its address may go.
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
