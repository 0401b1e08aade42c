/** A small copy of the large picture, for runs that are no longer shown. */

import { find, make } from "./elements.js";

/** Pixels on a side: sharp enough beside three others, small enough to keep thirty of them. */
const side = 144;

/**
 * @param {ParentNode} root
 * @returns {(hasSamples: boolean) => string | null} the picture as it is now, as a data address; null when there is nothing to
 *   copy. A curve is worth little without its samples; on a plane they would hide, at this size, what they are to explain
 */
export function createOutputCopier(root) {
  const output = find(root, "#output", HTMLCanvasElement);
  const samples = find(root, "#samples", HTMLCanvasElement);
  const copy = make("canvas", { width: String(side), height: String(side) });
  return (hasSamples) => {
    const context = copy.getContext("2d");
    if (!context || !output.width || output.classList.contains("skeleton")) return null;
    context.clearRect(0, 0, side, side);
    for (const canvas of hasSamples ? [output, samples] : [output])
      if (canvas.width && canvas.height) context.drawImage(canvas, 0, 0, side, side);
    return copy.toDataURL("image/webp", 0.85);
  };
}

/**
 * @param {HTMLImageElement} image
 * @param {string | null} picture
 */
export function showPicture(image, picture) {
  image.classList.toggle("skeleton-still", picture === null);
  if (picture === null) image.removeAttribute("src");
  else if (image.getAttribute("src") !== picture) image.src = picture;
}
