/** Finding and making elements, and drawing only what changed. */

/**
 * @template {Element} Kind
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => Kind} kind
 * @returns {Kind}
 * @throws {Error} when the template lacks it
 */
export function find(root, selector, kind) {
  const element = root.querySelector(selector);
  if (!(element instanceof kind)) throw new Error(`The page lacks "${selector}" (${kind.name}).`);
  return element;
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/**
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @returns {SVGElement}
 */
export function makeSvg(tag, attributes = {}) {
  const element = /** @type {SVGElement} */ (document.createElementNS("http://www.w3.org/2000/svg", tag));
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/**
 * Calls draw only when one of the data's values is another than last time.
 * @template {object} Data
 * @param {(data: Data, before: Data | null) => void} draw
 * @returns {(data: Data) => void}
 */
export function whenChanged(draw) {
  /** @type {any} */
  let before = null;
  return (data) => {
    const now = /** @type {any} */ (data);
    if (before && Object.keys(now).every((key) => now[key] === before[key])) return;
    const last = before;
    before = data;
    draw(data, last);
  };
}

/**
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Fills a list of choices; leaves it alone when it shows them already.
 * @param {HTMLSelectElement} select
 * @param {readonly {value: string, text: string}[]} choices
 * @param {string} value chosen
 */
export function fillSelect(select, choices, value) {
  const key = choices.map((choice) => `${choice.value}=${choice.text}`).join("|");
  if (select.dataset.choices !== key) {
    select.replaceChildren(...choices.map((choice) => make("option", { value: choice.value }, choice.text)));
    select.dataset.choices = key;
  }
  if (select.value !== value) select.value = value;
  select.disabled = false;
}

/**
 * @template {object} Data
 * @param {Data} data
 * @param {Data | null} before
 * @returns {{has: (...names: (keyof Data)[]) => boolean}} whether any of the named values is another than before
 */
export function changedNames(data, before) {
  return { has: (...names) => names.some((name) => before === null || data[name] !== before[name]) };
}
