/** The camera, for as long as somebody looks: its light is off when the page is hidden or the reader has had enough. */

import { croppedPhoto } from "./picture-file.js";

/**
 * @typedef {object} CameraOptions
 * @property {() => import("./picture-file.js").Size} size of a photo
 * @property {(photo: import("./picture-file.js").Photo) => void} onPhoto
 * @property {(how: "on" | "off") => void} onChange
 * @property {(key: string) => void} onTrouble
 */

/** Photos a second are enough to look alive. */
const photoMs = 90;

/** @param {unknown} error @returns {string} key of a sentence */
function troubleOf(error) {
  const { name } = /** @type {Error} */ (error);
  if (name === "NotAllowedError") return "images.draw.camera.refused";
  return name === "NotFoundError" ? "images.draw.camera.none" : "images.draw.camera.failed";
}

/** @param {CameraOptions} options */
export function createCamera({ size, onPhoto, onChange, onTrouble }) {
  const video = document.createElement("video");
  Object.assign(video, { muted: true, playsInline: true });
  /** @type {MediaStream | null} */
  let stream = null;
  /** Counts what was asked for: a camera that comes late is switched off at once. */
  let wish = 0;
  let timer = 0;

  function stop() {
    wish += 1;
    clearInterval(timer);
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
    video.srcObject = null;
    onChange("off");
  }

  function take() {
    const isMirrored = stream?.getVideoTracks()[0]?.getSettings().facingMode !== "environment";
    const from = { width: video.videoWidth, height: video.videoHeight };
    const photo = croppedPhoto(video, from, size(), { isMirrored });
    if (photo) onPhoto(photo);
  }

  async function start() {
    wish += 1;
    const asked = wish;
    if (!navigator.mediaDevices) {
      onTrouble("images.draw.camera.insecure");
      return;
    }
    try {
      const found = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "user" }, audio: false });
      if (asked !== wish) {
        for (const track of found.getTracks()) track.stop();
        return;
      }
      stream = found;
      video.srcObject = found;
      for (const track of found.getTracks()) track.onended = stop;
      await video.play();
      timer = window.setInterval(take, photoMs);
      onChange("on");
    } catch (error) {
      if (asked === wish) onTrouble(troubleOf(error));
    }
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden && stream) stop();
  });
  window.addEventListener("pagehide", () => {
    if (stream) stop();
  });
  return { start, stop };
}
