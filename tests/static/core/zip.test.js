import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { crc32, ZipTooLarge, ZipWriter, zipNames } from "../../../static/js/core/zip.js";

const bytesOf = (/** @type {string} */ text) => new TextEncoder().encode(text);

/** @param {[string, string][]} files @returns {Buffer} */
function zipOf(files) {
  const writer = new ZipWriter();
  const parts = files.flatMap(([name, text]) => {
    const bytes = bytesOf(text);
    return [writer.head({ name, size: bytes.length, crc: crc32(bytes) }), bytes];
  });
  return Buffer.concat([...parts, ...writer.end()]);
}

test("the checksum is that of the standard", () => {
  assert.equal(crc32(bytesOf("123456789")), 0xcbf43926);
  assert.equal(crc32(new Uint8Array()), 0);
});

test("another program finds every file, whole and under its name", () => {
  const folder = mkdtempSync(join(tmpdir(), "zip-"));
  const path = join(folder, "made.zip");
  writeFileSync(
    path,
    zipOf([
      ["chats/é.png", "miaou"],
      ["dogs/1.png", ""],
    ]),
  );
  const read = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as made:
    print(json.dumps([made.testzip(), {name: made.read(name).decode() for name in made.namelist()}]))`;
  const said = execFileSync("python3", ["-c", read, path], { encoding: "utf8" });
  rmSync(folder, { recursive: true });
  assert.deepEqual(JSON.parse(said), [null, { "chats/é.png": "miaou", "dogs/1.png": "" }]);
});

test("what is beyond the reach of this plain format is refused", () => {
  const writer = new ZipWriter();
  writer.head({ name: "a/1.png", size: 0xffffff00, crc: 0 });
  assert.throws(() => writer.head({ name: "a/2.png", size: 1000, crc: 0 }), ZipTooLarge);
});

test("names begin behind the chosen folder, and only pictures in a folder of their own come along", () => {
  const paths = ["pets/cats/1.jpg", "pets/cats/.DS_Store", "pets/notes.txt", "pets/loose.png", "pets/train/dogs/2.PNG"];
  assert.deepEqual(zipNames([...paths, "pets/__MACOSX/cats/1.jpg"]), [
    "cats/1.jpg",
    null,
    null,
    null,
    "train/dogs/2.PNG",
    null,
  ]);
});
