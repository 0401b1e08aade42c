/** Numbers for people, in their language. */

/**
 * @param {number | null | undefined} loss
 * @param {string} locale
 * @returns {string} a dash when there is no number
 */
export function formatLoss(loss, locale) {
  if (loss === null || loss === undefined || !Number.isFinite(loss)) return "–";
  if (loss !== 0 && Math.abs(loss) < 0.0005) return formatTiny(loss, locale);
  return new Intl.NumberFormat(locale, { minimumFractionDigits: 3, maximumFractionDigits: 3 }).format(loss);
}

/**
 * @param {number} value
 * @param {string} locale
 * @returns {string} such as 4.2e-8
 */
export function formatTiny(value, locale) {
  const [mantissa, exponent] = value.toExponential(1).split("e");
  const shown = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(Number(mantissa));
  return `${shown}e${Number(exponent)}`;
}

/**
 * @param {number} count
 * @param {string} locale
 * @returns {string}
 */
export function formatCount(count, locale) {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }).format(count);
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
  return new Intl.NumberFormat(locale, options).format(share);
}

/**
 * A rate as people write it: never rounded away, never scientific.
 * @param {number} rate
 * @param {string} locale
 * @returns {string}
 */
export function formatRate(rate, locale) {
  return new Intl.NumberFormat(locale, { maximumSignificantDigits: 6, maximumFractionDigits: 10 }).format(rate);
}

/**
 * A weight or a coordinate: two decimals, a real minus sign.
 * @param {number} value
 * @param {string} locale
 * @returns {string}
 */
export function formatSigned(value, locale) {
  const shown = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value);
  return shown.replace("-", "−");
}
