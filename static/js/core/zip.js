/** A zip without compression, part by part: pictures are compressed already. */

const polynomial = 0xedb88320;

const table = Uint32Array.from({ length: 256 }, (_, start) => {
  let value = start;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
  return value;
});

/**
 * @param {Uint8Array} bytes
 * @returns {number} CRC-32
 */
export function crc32(bytes) {
  let crc = 0xffffffff;
  for (let index = 0; index < bytes.length; index += 1) crc = table[(crc ^ bytes[index]) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** Names are in UTF-8. */
const flags = 0x0800;
const version = 20;
/** 1 January 1980: the same pictures make the same zip. */
const day = 0x0021;
const largest = 0xffffffff;
const mostFiles = 0xffff;

/** A zip this plain ends at 4 GB and at 65,535 files. */
export class ZipTooLarge extends Error {}

/** @typedef {{name: string, size: number, crc: number}} ZipEntry */

/**
 * @param {number} length
 * @param {readonly [size: 2 | 4, value: number][]} numbers
 * @param {Uint8Array} rest
 * @returns {Uint8Array<ArrayBuffer>}
 */
function record(length, numbers, rest) {
  const bytes = new Uint8Array(length + rest.length);
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const [size, value] of numbers) {
    if (size === 2) view.setUint16(offset, value, true);
    else view.setUint32(offset, value, true);
    offset += size;
  }
  bytes.set(rest, length);
  return bytes;
}

/** @param {ZipEntry} entry @param {Uint8Array} name @returns {[2 | 4, number][]} what both headers of a file say of it */
function told({ size, crc }, name) {
  return [
    [2, flags],
    [2, 0],
    [2, 0],
    [2, day],
    [4, crc],
    [4, size],
    [4, size],
    [2, name.length],
    [2, 0],
  ];
}

/** Collects what stands around the files of a zip. */
export class ZipWriter {
  /** @type {Uint8Array<ArrayBuffer>[]} */
  #directory = [];
  #offset = 0;

  /**
   * @param {ZipEntry} entry whose bytes follow at once
   * @returns {Uint8Array<ArrayBuffer>} what stands before them
   * @throws {ZipTooLarge}
   */
  head(entry) {
    const name = new TextEncoder().encode(entry.name);
    const header = record(30, [[4, 0x04034b50], [2, version], ...told(entry, name)], name);
    const place = this.#offset;
    this.#offset += header.length + entry.size;
    if (this.#offset > largest || this.#directory.length >= mostFiles) throw new ZipTooLarge();
    const numbers = [
      [4, 0x02014b50],
      [2, version],
      [2, version],
      ...told(entry, name),
      [2, 0],
      [2, 0],
      [2, 0],
      [4, 0],
      [4, place],
    ];
    this.#directory.push(record(46, /** @type {any} */ (numbers), name));
    return header;
  }

  /** @returns {Uint8Array<ArrayBuffer>[]} what stands behind the last file */
  end() {
    const count = this.#directory.length;
    const size = this.#directory.reduce((sum, each) => sum + each.length, 0);
    const numbers = [
      [4, 0x06054b50],
      [2, 0],
      [2, 0],
      [2, count],
      [2, count],
      [4, size],
      [4, this.#offset],
      [2, 0],
    ];
    return [...this.#directory, record(22, /** @type {any} */ (numbers), new Uint8Array())];
  }
}

/** Endings of files that may be pictures. */
const pictureName = /\.(jpe?g|png|gif|bmp|webp|tiff?|ppm|pgm)$/i;

/**
 * Files that systems leave in folders are no pictures; the folder that was chosen is no class.
 * @param {readonly string[]} paths within the chosen folder, its own name first
 * @returns {(string | null)[]} name in the zip; null for what stays out
 */
export function zipNames(paths) {
  return paths.map((path) => {
    const [, ...inside] = path.split("/");
    const isHidden = inside.some((part) => part.startsWith(".") || part === "__MACOSX");
    return inside.length < 2 || isHidden || !pictureName.test(path) ? null : inside.join("/");
  });
}
