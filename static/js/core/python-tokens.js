/** Python text cut into pieces to colour: only what a short script needs. */

/** @typedef {{kind: "plain" | "comment" | "string" | "keyword" | "number", text: string}} Token */

const keywords =
  "and|as|assert|class|def|else|False|for|from|if|import|in|is|lambda|None|not|or|return|True|while|with";
const pattern = new RegExp(
  [
    '(?<string>f?"""[\\s\\S]*?"""|f?"(?:[^"\\\\\\n]|\\\\.)*")',
    "(?<comment>#[^\\n]*)",
    `(?<keyword>\\b(?:${keywords})\\b)`,
    "(?<number>(?<![\\w.])\\d+(?:\\.\\d+)?(?:e-?\\d+)?)",
  ].join("|"),
  "g",
);

/**
 * @param {string} source
 * @returns {Token[]} whose texts, joined, are the source
 */
export function pythonTokens(source) {
  /** @type {Token[]} */
  const tokens = [];
  let end = 0;
  for (const match of source.matchAll(pattern)) {
    if (match.index > end) tokens.push({ kind: "plain", text: source.slice(end, match.index) });
    const kind = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined)?.[0] ?? "plain";
    tokens.push({ kind: /** @type {Token["kind"]} */ (kind), text: match[0] });
    end = match.index + match[0].length;
  }
  if (end < source.length) tokens.push({ kind: "plain", text: source.slice(end) });
  return tokens;
}

/**
 * The same pieces, line by line: none reaches over the end of its line.
 * @param {readonly Token[]} tokens
 * @returns {Token[][]}
 */
export function tokenLines(tokens) {
  /** @type {Token[][]} */
  const lines = [[]];
  for (const { kind, text } of tokens) {
    text.split("\n").forEach((part, index) => {
      if (index > 0) lines.push([]);
      if (part) lines[lines.length - 1].push({ kind, text: part });
    });
  }
  return lines;
}

/**
 * @param {readonly string[]} before
 * @param {readonly string[]} after
 * @returns {Set<number>} lines of after that were not there before, counted from 0
 */
export function newLines(before, after) {
  const known = new Map();
  for (const line of before) known.set(line, (known.get(line) ?? 0) + 1);
  const fresh = new Set();
  after.forEach((line, index) => {
    const left = known.get(line) ?? 0;
    if (left === 0) fresh.add(index);
    else known.set(line, left - 1);
  });
  return fresh;
}
