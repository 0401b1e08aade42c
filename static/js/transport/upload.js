/** Sending a large file, with how much of it has arrived: only XMLHttpRequest tells. */

import { ApiError } from "./api.js";

/**
 * @typedef {object} Upload
 * @property {Promise<any>} answer JSON; rejects with an ApiError
 * @property {() => void} abort
 */

/** @param {XMLHttpRequest} request */
function answerOf(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return null;
  }
}

/** @param {XMLHttpRequest} request @returns {ApiError} */
function errorOf(request) {
  const error = answerOf(request)?.error ?? {};
  const code = error.code ?? (request.status === 0 ? "unreachable" : "unexpected_answer");
  return new ApiError(error.message ?? `${request.status} ${request.statusText}`, {
    ...error,
    code,
    status: request.status,
  });
}

/**
 * @param {string} url
 * @param {{body: Blob, type: string, onProgress: (share: number) => void, makeRequest?: () => XMLHttpRequest}} what share: 0 to 1
 * @returns {Upload}
 */
export function upload(url, { body, type, onProgress, makeRequest = () => new XMLHttpRequest() }) {
  const request = makeRequest();
  const answer = new Promise((resolve, reject) => {
    request.onload = () => (request.status < 300 ? resolve(answerOf(request)) : reject(errorOf(request)));
    request.onerror = () => reject(errorOf(request));
    request.onabort = () => reject(new ApiError("Stopped.", { code: "aborted", status: 0 }));
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.open("POST", url);
    request.setRequestHeader("Content-Type", type);
    request.send(body);
  });
  return { answer, abort: () => request.abort() };
}
