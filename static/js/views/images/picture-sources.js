/** Where pictures come from besides the pen: a file, the clipboard, the camera; and taking back what was drawn. */

import { find, setText, whenChanged } from "../elements.js";
import { createCamera } from "./camera.js";
import { photoOfFile, pictureIn } from "./picture-file.js";

/**
 * @typedef {object} PictureSourcesData
 * @property {import("../../i18n/i18n.js").Translator} translator
 * @property {import("./picture-file.js").Size} photoSize
 * @property {boolean} canUndo
 * @property {boolean} isEmpty
 * @property {"off" | "asking" | "on"} camera
 * @property {string | null} trouble key of a sentence
 */

/** @param {EventTarget | null} target @returns {boolean} a field that is typed into pastes by itself */
const isField = (target) => target instanceof Element && target.closest("input, textarea, select") !== null;

/**
 * @param {HTMLElement} card
 * @param {(file: File) => void} onFile
 */
function hearDrops(card, onFile) {
  let depth = 0;
  const mark = (/** @type {number} */ change) => {
    depth = Math.max(0, depth + change);
    card.dataset.dropping = String(depth > 0);
  };
  card.ondragenter = () => mark(1);
  card.ondragleave = () => mark(-1);
  card.ondragover = (event) => event.preventDefault();
  card.ondrop = (event) => {
    event.preventDefault();
    mark(-depth);
    const file = pictureIn(event.dataTransfer);
    if (file) onFile(file);
  };
}

/** A file that falls beside a card would replace the page, and with it everything that was made on it. */
function refuseOtherDrops() {
  for (const type of /** @type {const} */ (["dragover", "drop"]))
    document.addEventListener(type, (event) => {
      const { dataTransfer, defaultPrevented } = event;
      if (defaultPrevented || !dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      dataTransfer.dropEffect = "none";
    });
}

/** @param {ParentNode} root */
function partsOf(root) {
  return {
    card: find(root, "#draw", HTMLElement),
    sheet: find(root, "#draw-sheet", HTMLCanvasElement),
    undo: find(root, "#draw-undo", HTMLButtonElement),
    clear: find(root, "#draw-clear", HTMLButtonElement),
    choose: find(root, "#draw-choose", HTMLButtonElement),
    field: find(root, "#draw-file", HTMLInputElement),
    film: find(root, "#draw-camera", HTMLButtonElement),
    filmText: find(root, "#draw-camera-text", HTMLElement),
    trouble: find(root, "#draw-trouble", HTMLElement),
  };
}

/** @param {ReturnType<typeof partsOf>} parts @param {PictureSourcesData} data */
function fill({ undo, clear, film, filmText, trouble }, data) {
  const { t } = data.translator;
  const isFilming = data.camera !== "off";
  undo.disabled = !data.canUndo;
  clear.disabled = data.isEmpty;
  film.setAttribute("aria-pressed", String(isFilming));
  setText(filmText, t(isFilming ? "images.draw.camera.stop" : "images.draw.camera"));
  trouble.hidden = data.trouble === null;
  setText(trouble, data.trouble === null ? "" : t(data.trouble));
}

/** @param {ReturnType<typeof partsOf>} parts @param {(file: File) => void} onFile */
function hearFiles({ card, choose, field }, onFile) {
  choose.onclick = () => field.click();
  field.onchange = () => {
    const file = field.files?.[0];
    if (file) onFile(file);
    field.value = "";
  };
  hearDrops(card, onFile);
  refuseOtherDrops();
  document.addEventListener("paste", (event) => {
    const file = isField(event.target) ? null : pictureIn(event.clipboardData);
    if (file) onFile(file);
  });
}

/** A camera that tells the page what it does. @param {(intent: any) => void} onIntent @param {() => import("./picture-file.js").Size} size */
function createFilm(onIntent, size) {
  const camera = createCamera({
    size,
    onPhoto: (photo) => onIntent({ type: "draw_photo", photo, isFilmed: true }),
    onChange: (how) => onIntent({ type: "draw_camera", camera: how }),
    onTrouble: (key) => onIntent({ type: "draw_trouble", key }),
  });
  return {
    start() {
      onIntent({ type: "draw_camera", camera: "asking" });
      camera.start();
    },
    stop: () => camera.stop(),
    release: () => camera.release(),
  };
}

/**
 * @param {ParentNode} root
 * @param {{onIntent: (intent: any) => void}} options
 */
export function createPictureSourcesView(root, { onIntent }) {
  const parts = partsOf(root);
  let size = { width: 224, height: 224 };
  let isFilming = false;
  const film = createFilm(onIntent, () => size);

  function endFilm() {
    if (isFilming) film.stop();
  }

  parts.undo.onclick = () => onIntent({ type: "draw_undo" });
  parts.clear.onclick = () => {
    endFilm();
    onIntent({ type: "draw_clear" });
  };
  parts.film.onclick = () => (isFilming ? film.stop() : film.start());
  // Who begins to draw has seen enough of the film.
  parts.sheet.addEventListener("pointerdown", endFilm);
  parts.sheet.addEventListener("keydown", ({ key }) => {
    if (key === " ") endFilm();
  });
  hearFiles(parts, async (file) => {
    endFilm();
    const photo = await photoOfFile(file, size);
    onIntent(photo ? { type: "draw_photo", photo } : { type: "draw_trouble", key: "images.draw.unreadable" });
  });

  const render = whenChanged((/** @type {PictureSourcesData} */ data) => {
    size = data.photoSize;
    // Whatever else came onto the sheet, such as a test picture, has ended the film.
    if (isFilming && data.camera === "off") film.release();
    isFilming = data.camera !== "off";
    fill(parts, data);
  });
  return { render, destroy() {} };
}
