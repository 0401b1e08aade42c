/** A chosen folder becomes a zip in the browser: pictures are read one after the other and stay where they are. */

import { crc32, ZipWriter, zipNames } from "../../../core/zip.js";

/**
 * @param {readonly Pick<File, "webkitRelativePath" | "size" | "arrayBuffer">[]} files
 * @param {(share: number) => void} onProgress 0 to 1
 * @returns {Promise<Blob | null>} null when there is no picture in a folder of its own
 */
export async function packFolder(files, onProgress) {
  const names = zipNames(files.map(({ webkitRelativePath }) => webkitRelativePath));
  const chosen = files.flatMap((file, index) => (names[index] === null ? [] : [{ file, name: names[index] }]));
  if (chosen.length === 0) return null;
  const writer = new ZipWriter();
  /** @type {BlobPart[]} */
  const parts = [];
  for (const [index, { file, name }] of chosen.entries()) {
    const crc = crc32(new Uint8Array(await file.arrayBuffer()));
    parts.push(writer.head({ name, size: file.size, crc }), /** @type {any} */ (file));
    onProgress((index + 1) / chosen.length);
  }
  return new Blob([...parts, ...writer.end()], { type: "application/zip" });
}
