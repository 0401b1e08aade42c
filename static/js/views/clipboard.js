/** To the clipboard, also where a page that came over plain HTTP has none, or is not allowed to use it. */

/**
 * @param {string} text
 * @param {() => void} select selects the text on the page: the old way copies what is selected
 * @returns {Promise<boolean>} whether it worked
 */
export async function copyText(text, select) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    select();
    return document.execCommand("copy");
  }
}
