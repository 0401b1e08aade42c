/** The colour scales of the page: negative, neutral, positive; one tint per class. Mixed in OKLab: equal steps look equal. */

/** The first one is the page's own. */
export const paletteNames = Object.freeze(["blue-orange", "purple-green", "black-white"]);

/**
 * @typedef {object} DivergingColors hexadecimal colours such as "#1f78b4"
 * @property {string} negative
 * @property {string} neutral
 * @property {string} positive
 * @property {boolean} [isHatched] the negative side carries fine diagonal lines, so that no hue is needed to tell the sign
 */

/**
 * @typedef {object} ClassColors
 * @property {string} neutral where no class is likelier than another
 * @property {readonly string[]} classes
 * @property {boolean} [isHatched] each class carries a pattern of its own
 */

/** @typedef {[number, number, number]} Triple */

const rampSteps = 256;

/**
 * @param {string} color "#rrggbb"
 * @returns {Triple} red, green, blue, 0 to 255
 * @throws {Error} when it is not a colour of that form
 */
export function parseHex(color) {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color.trim());
  if (!match) throw new Error(`Unreadable colour "${color}": expected the form #rrggbb.`);
  return [parseInt(match[1], 16), parseInt(match[2], 16), parseInt(match[3], 16)];
}

/** @param {number} channel 0 to 255 */
function toLinear(channel) {
  const value = channel / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** @param {number} value linear light, 0 to 1 */
function fromLinear(value) {
  const clipped = Math.min(1, Math.max(0, value));
  const channel = clipped <= 0.0031308 ? clipped * 12.92 : 1.055 * clipped ** (1 / 2.4) - 0.055;
  return Math.round(channel * 255);
}

/**
 * sRGB to OKLab (Björn Ottosson, 2020, https://bottosson.github.io/posts/oklab/).
 * @param {Triple} rgb 0 to 255
 * @returns {Triple} lightness 0 to 1, a, b
 */
export function toOklab(rgb) {
  const [r, g, b] = rgb.map(toLinear);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/**
 * @param {Triple} lab
 * @returns {Triple} red, green, blue, 0 to 255
 */
export function fromOklab([lightness, a, b]) {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    fromLinear(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    fromLinear(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    fromLinear(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/**
 * @param {Triple} from OKLab
 * @param {Triple} to OKLab
 * @param {number} share 0 gives from, 1 gives to
 * @returns {Triple} red, green, blue, 0 to 255
 */
function mix(from, to, share) {
  return fromOklab([
    from[0] + (to[0] - from[0]) * share,
    from[1] + (to[1] - from[1]) * share,
    from[2] + (to[2] - from[2]) * share,
  ]);
}

/** @param {Triple} rgb @returns {number} an opaque pixel for the 32-bit view of an ImageData (little-endian: ABGR) */
function pixelOf([r, g, b]) {
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

/** How much of its colour a hatch line keeps. */
const lineShare = 0.3;

/**
 * @param {(value: number) => Triple} colorAt -1 to 1
 * @param {((value: number) => number) | null} hatched what a hatch line shows in place of a value; null for no lines
 * @returns {Uint32Array} 256 pixels; with lines 256 more, for the pixels on a line
 */
function rampOf(colorAt, hatched) {
  const places = Array.from({ length: rampSteps }, (_unused, index) => (index / (rampSteps - 1)) * 2 - 1);
  const values = hatched ? [...places, ...places.map(hatched)] : places;
  return Uint32Array.from(values, (value) => pixelOf(colorAt(value)));
}

/**
 * The scale as opaque pixels, ready to be written into the 32-bit view of an ImageData.
 * @param {DivergingColors} colors
 * @returns {Uint32Array} index 0 is -1, the middle is 0, the last of 256 is +1; then, with hatching, the pixels on a line
 */
export function divergingRamp(colors) {
  const [negative, neutral, positive] = [colors.negative, colors.neutral, colors.positive].map((color) =>
    toOklab(parseHex(color)),
  );
  const colorAt = (/** @type {number} */ value) =>
    value < 0 ? mix(neutral, negative, -value) : mix(neutral, positive, value);
  return rampOf(colorAt, colors.isHatched ? (value) => (value < 0 ? value * lineShare : value) : null);
}

/**
 * A scale for each class: neutral up to 0, then ever more of the colour of the class.
 * @param {ClassColors} colors
 * @returns {Uint32Array[]} see divergingRamp
 */
export function classRamps({ neutral, classes, isHatched }) {
  const ground = toOklab(parseHex(neutral));
  return classes.map((color) => {
    const full = toOklab(parseHex(color));
    const colorAt = (/** @type {number} */ value) => mix(ground, full, Math.max(0, value));
    return rampOf(colorAt, isHatched ? (value) => value * lineShare : null);
  });
}

/**
 * Place of a value on the scale; beyond -1 and 1 it stays at the end, not-a-number is in the middle.
 * @param {number} value
 * @returns {number} 0 to 255
 */
export function rampIndex(value) {
  if (Number.isNaN(value)) return rampSteps / 2;
  const clipped = Math.min(1, Math.max(-1, value));
  return Math.round(((clipped + 1) / 2) * (rampSteps - 1));
}

/**
 * @param {ArrayLike<number>} values -1 to 1
 * @param {Uint32Array} ramp from divergingRamp
 * @param {Uint32Array} pixels written; as long as values
 * @param {boolean} discretize only the sign is shown
 */
export function paintValues(values, ramp, pixels, discretize = false) {
  const half = (rampSteps - 1) / 2;
  for (let index = 0; index < values.length; index += 1) {
    const value = discretize ? (values[index] >= 0 ? 1 : -1) : values[index];
    // Two million values a second: what lies within the scale finds its place without any call.
    pixels[index] = ramp[value >= -1 && value <= 1 ? (value * half + half + 0.5) | 0 : rampIndex(value)];
  }
  if (ramp.length > rampSteps) hatch(values, ramp, pixels, discretize);
}

const linesApart = 4;

/** Every fourth diagonal of pixels, once more. @type {typeof paintValues} */
function hatch(values, ramp, pixels, discretize) {
  const width = Math.round(Math.sqrt(values.length));
  for (let index = 0; index < values.length; index += 1) {
    if (((index % width) + Math.floor(index / width)) % linesApart !== 0) continue;
    const value = values[index];
    pixels[index] = ramp[rampSteps + rampIndex(discretize ? (value >= 0 ? 1 : -1) : value)];
  }
}

/** Whether a pixel is on a line of a class's pattern. @type {((x: number, y: number) => boolean)[]} */
const patterns = [
  (x, y) => (x + y) % linesApart === 0,
  () => false,
  (x, y) => (x - y) % linesApart === 0,
  (x) => x % linesApart === 0,
  (_x, y) => y % linesApart === 0,
  (x, y) => x % 3 === 0 && y % 3 === 0,
];

/**
 * The likeliest class of several, and how far it is ahead of the next one.
 * @param {readonly ArrayLike<number>[]} grids probabilities, one grid per class
 * @param {number} index of a cell
 * @returns {{winner: number, lead: number}} lead: 0 on a boundary, 1 where the network is certain
 */
export function winnerAt(grids, index) {
  let winner = 0;
  let best = -1;
  let second = -1;
  for (let each = 0; each < grids.length; each += 1) {
    const share = grids[each][index];
    if (share > best) {
      second = best;
      best = share;
      winner = each;
    } else if (share > second) second = share;
  }
  return { winner, lead: best - second };
}

/**
 * The colour of the likeliest class, paler the less certain: a boundary between two classes is a neutral line.
 * @param {readonly ArrayLike<number>[]} grids probabilities, one square grid per class
 * @param {readonly Uint32Array[]} ramps from classRamps
 * @param {Uint32Array} pixels written; as long as one grid
 * @param {boolean} discretize only the winner is shown
 */
export function paintClasses(grids, ramps, pixels, discretize = false) {
  const width = Math.round(Math.sqrt(pixels.length));
  const isHatched = ramps[0].length > rampSteps;
  for (let index = 0; index < pixels.length; index += 1) {
    const { winner, lead } = winnerAt(grids, index);
    const isOnLine = isHatched && patterns[winner % patterns.length](index % width, Math.floor(index / width));
    const place = rampIndex(discretize ? 1 : lead);
    pixels[index] = ramps[winner % ramps.length][isOnLine ? rampSteps + place : place];
  }
}

/**
 * @param {Uint32Array} ramp
 * @param {number} value -1 to 1
 * @returns {string} a CSS colour
 */
export function colorOf(ramp, value) {
  const pixel = ramp[rampIndex(value)];
  return cssColor(pixel);
}

/** @param {number} pixel */
function cssColor(pixel) {
  return `rgb(${pixel & 255} ${(pixel >> 8) & 255} ${(pixel >> 16) & 255})`;
}

/**
 * How well one colour stands out from another (WCAG 2.2).
 * @param {string} one "#rrggbb"
 * @param {string} other
 * @returns {number} 1 to 21
 */
export function contrastOf(one, other) {
  const [light, dark] = [one, other].map((color) => luminanceOf(parseHex(color))).sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

/** @param {Triple} rgb */
function luminanceOf(rgb) {
  const [r, g, b] = rgb.map(toLinear);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/**
 * The legend, made from the same scale as the pictures.
 * @param {Uint32Array} ramp
 * @param {number} stops how many colours to name
 * @returns {string} a CSS background from -1 (left) to +1 (right)
 */
export function legendGradient(ramp, stops = 17) {
  const colors = Array.from({ length: stops }, (_unused, index) => colorOf(ramp, (index / (stops - 1)) * 2 - 1));
  const scale = `linear-gradient(90deg, ${colors.join(", ")})`;
  if (ramp.length === rampSteps) return scale;
  const line = cssColor(ramp[rampSteps]);
  const lines = `repeating-linear-gradient(135deg, ${line} 0 1.5px, transparent 1.5px 5px)`;
  return `${lines} left / 50% 100% no-repeat, ${scale}`;
}
