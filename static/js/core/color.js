/** The one colour scale of the page: negative, neutral, positive; mixed in OKLab so that equal steps look equal. */

/**
 * @typedef {object} DivergingColors hexadecimal colours such as "#1f78b4"
 * @property {string} negative
 * @property {string} neutral
 * @property {string} positive
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

/**
 * The scale as 256 opaque pixels, ready to be written into the 32-bit view of an ImageData (little-endian: ABGR).
 * @param {DivergingColors} colors
 * @returns {Uint32Array} index 0 is -1, the middle is 0, the last is +1
 */
export function divergingRamp(colors) {
  const [negative, neutral, positive] = [colors.negative, colors.neutral, colors.positive].map((color) =>
    toOklab(parseHex(color)),
  );
  return Uint32Array.from({ length: rampSteps }, (_unused, index) => {
    const value = (index / (rampSteps - 1)) * 2 - 1;
    const [r, g, b] = value < 0 ? mix(neutral, negative, -value) : mix(neutral, positive, value);
    return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
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
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    pixels[index] = ramp[rampIndex(discretize ? (value >= 0 ? 1 : -1) : value)];
  }
}

/**
 * @param {Uint32Array} ramp
 * @param {number} value -1 to 1
 * @returns {string} a CSS colour
 */
export function colorOf(ramp, value) {
  const pixel = ramp[rampIndex(value)];
  return `rgb(${pixel & 255} ${(pixel >> 8) & 255} ${(pixel >> 16) & 255})`;
}

/**
 * The legend, made from the same scale as the pictures.
 * @param {Uint32Array} ramp
 * @param {number} stops how many colours to name
 * @returns {string} a CSS gradient from -1 (left) to +1 (right)
 */
export function legendGradient(ramp, stops = 17) {
  const colors = Array.from({ length: stops }, (_unused, index) => colorOf(ramp, (index / (stops - 1)) * 2 - 1));
  return `linear-gradient(90deg, ${colors.join(", ")})`;
}
