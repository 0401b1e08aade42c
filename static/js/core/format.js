/** Numbers for people, in their language. */

/** Making a formatter takes a hundred times as long as using it. @type {Map<string, Intl.NumberFormat>} */
const formatters = new Map();

/**
 * @param {string} locale
 * @param {Intl.NumberFormatOptions} options
 * @returns {Intl.NumberFormat}
 */
function formatterOf(locale, options) {
  const key = `${locale} ${JSON.stringify(options)}`;
  const known = formatters.get(key) ?? new Intl.NumberFormat(locale, options);
  formatters.set(key, known);
  return known;
}

/**
 * @param {number | null | undefined} loss
 * @param {string} locale
 * @returns {string} a dash when there is no number
 */
export function formatLoss(loss, locale) {
  if (loss === null || loss === undefined || !Number.isFinite(loss)) return "–";
  if (loss !== 0 && Math.abs(loss) < 0.0005) return formatTiny(loss, locale);
  return formatterOf(locale, { minimumFractionDigits: 3, maximumFractionDigits: 3 }).format(loss);
}

/**
 * @param {number} value
 * @param {string} locale
 * @returns {string} such as 4.2e-8
 */
export function formatTiny(value, locale) {
  const [mantissa, exponent] = value.toExponential(1).split("e");
  const shown = formatterOf(locale, { maximumFractionDigits: 1 }).format(Number(mantissa));
  return `${shown}e${Number(exponent)}`;
}

/**
 * @param {number} count
 * @param {string} locale
 * @returns {string}
 */
export function formatCount(count, locale) {
  return formatterOf(locale, { maximumFractionDigits: 0 }).format(count);
}

/**
 * @param {number | null | undefined} share 0 to 1
 * @param {string} locale
 * @param {number} digits after the decimal sign
 * @returns {string} a dash when there is no number
 */
export function formatShare(share, locale, digits = 1) {
  if (share === null || share === undefined || !Number.isFinite(share)) return "–";
  const options = {
    style: /** @type {const} */ ("percent"),
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  };
  return formatterOf(locale, options).format(share);
}

/**
 * A rate as people write it: never rounded away, never scientific.
 * @param {number} rate
 * @param {string} locale
 * @returns {string}
 */
export function formatRate(rate, locale) {
  return formatterOf(locale, { maximumSignificantDigits: 6, maximumFractionDigits: 10 }).format(rate);
}

/**
 * A weight or a coordinate: two decimals, a real minus sign.
 * @param {number} value
 * @param {string} locale
 * @returns {string}
 */
export function formatSigned(value, locale) {
  const shown = formatterOf(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value);
  return shown.replace("-", "−");
}

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/**
 * A number that may be of any size: two digits that count, tiny and huge ones with their power of ten.
 * @param {number} value
 * @param {string} locale
 * @returns {string} such as 0.032 or 3.2·10⁻⁵
 */
export function formatPower(value, locale) {
  const size = Math.abs(value);
  const plain = formatterOf(locale, { maximumSignificantDigits: 2 });
  if (!Number.isFinite(value) || size === 0 || (size >= 0.001 && size < 10_000)) {
    return plain.format(value).replace("-", "−");
  }
  const [mantissa, exponent] = value.toExponential(1).split("e");
  const power = [...exponent.replace("+", "")].map((sign) => (sign === "-" ? "⁻" : superscripts[Number(sign)]));
  return `${plain.format(Number(mantissa)).replace("-", "−")}·10${power.join("")}`;
}
