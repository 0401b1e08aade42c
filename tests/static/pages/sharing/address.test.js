import assert from "node:assert/strict";
import { test } from "node:test";
import { dataAtFirst } from "../../../../static/js/pages/data/slice.js";
import { createAddress } from "../../../../static/js/pages/sharing/address.js";
import { sharingAtFirst } from "../../../../static/js/pages/sharing/slice.js";
import { createStore } from "../../../../static/js/state/store.js";
import { book } from "../../state/link-book.js";

/** A page with an address, a server that has some runs, and a clock that stands still until it is asked. */
function makePage({ hash = "", runs = /** @type {string[]} */ ([]) } = {}) {
  const store = createStore(
    /** @type {any} */ ({
      book,
      spec: book.start,
      speed: 60,
      display: { showsTestData: false, isDiscrete: false, isLogarithmic: false },
      palette: { name: "blue-orange" },
      panel: "quality",
      sharing: sharingAtFirst,
      run: null,
    }),
  );
  const page = { hash, asked: /** @type {string[]} */ ([]), written: 0 };
  /** @type {(() => void)[]} */
  const waiting = [];
  let begun = 0;
  const session = {
    async open(/** @type {string} */ runId) {
      page.asked.push(`open ${runId}`);
      if (!runs.includes(runId)) return false;
      store.set({ run: /** @type {any} */ ({ runId }) });
      return true;
    },
    async begin() {
      begun += 1;
      page.asked.push(`begin ${store.get().spec.dataset.name}`);
      store.set({ run: /** @type {any} */ ({ runId: `new${begun}` }) });
    },
  };
  const place = {
    read: () => page.hash,
    replace(/** @type {string} */ next) {
      page.hash = next;
      page.written += 1;
    },
  };
  const onPalette = (/** @type {string} */ name) => page.asked.push(`palette ${name}`);
  const later = (/** @type {() => void} */ act) => waiting.push(act);
  const address = createAddress({ store, session, place, onPalette, later, cancel: () => waiting.splice(0) });
  store.subscribe(address.follow);
  const rest = () => {
    for (const act of waiting.splice(0)) act();
  };
  return { store, page, address, rest };
}

test("a link with settings starts that very spec, and the address names its run", async () => {
  const { page, address, store } = makePage({ hash: "#dataset=spiral&noise=10" });
  await address.start();
  assert.deepEqual(page.asked, ["begin spiral"]);
  assert.equal(store.get().spec.dataset.noise, 10);
  assert.equal(page.hash, "#dataset=spiral&noise=10&run=new1");
});

test("a link with a run that is still there opens it", async () => {
  const { page, address } = makePage({ hash: "#dataset=spiral&run=old", runs: ["old"] });
  await address.start();
  assert.deepEqual(page.asked, ["open old"]);
});

test("when the run is gone the settings in the link are used", async () => {
  const { page, address } = makePage({ hash: "#dataset=spiral&run=gone" });
  await address.start();
  assert.deepEqual(page.asked, ["open gone", "begin spiral"]);
});

test("the run of a link stays in the address while it is waited for", async () => {
  const { page, address, store, rest } = makePage({ hash: "#dataset=spiral&run=old", runs: ["old"] });
  store.set({ awaited: "old" });
  await address.start();
  store.set({ run: null, speed: null });
  rest();
  assert.equal(page.hash, "#dataset=spiral&speed=fastest&run=old");
});

test("an empty address begins as everybody does", async () => {
  const { page, address } = makePage();
  await address.start();
  assert.deepEqual([page.asked, page.hash], [["begin circle"], "#run=new1"]);
});

test("a link sets what is displayed, the speed, the tab, the colours and what is hidden", async () => {
  const hash = "#discretize=true&speed=fastest&panel=code&palette=black-white&hide=noise&embed=true";
  const { page, address, store } = makePage({ hash });
  await address.start();
  const { display, speed, panel, sharing } = store.get();
  assert.deepEqual([display.isDiscrete, display.showsTestData, speed, panel], [true, false, null, "code"]);
  assert.deepEqual([sharing.hidden, sharing.chosen, sharing.isEmbedded], [["noise"], ["noise"], true]);
  assert.ok(page.asked.includes("palette black-white"));
});

test("what could not be taken as it was written is kept to be told", async () => {
  const { address, store } = makePage({ hash: "#noise=2000&networkShape=3" });
  await address.start();
  const { problems, isPlaygrounds } = store.get().sharing;
  assert.deepEqual([problems, isPlaygrounds], [[{ name: "noise", given: "2000", used: "50" }], true]);
});

test("a change is written once it has come to rest", async () => {
  const { page, address, store, rest } = makePage();
  await address.start();
  const written = page.written;
  for (const batchSize of [11, 12, 13]) store.set({ spec: { ...book.start, batch_size: batchSize } });
  assert.equal(page.written, written);
  rest();
  assert.deepEqual([page.hash, page.written], ["#batch_size=13&run=new1", written + 1]);
});

test("a change that is not in links writes nothing", async () => {
  const { page, address, store, rest } = makePage();
  await address.start();
  const written = page.written;
  store.set({ isWaiting: true });
  rest();
  assert.equal(page.written, written);
});

test("another run is in the address at once", async () => {
  const { page, address, store } = makePage();
  await address.start();
  store.set({ run: /** @type {any} */ ({ runId: "other" }) });
  assert.equal(page.hash, "#run=other");
});

test("another link pasted into the address is opened", async () => {
  const { page, address, store } = makePage();
  await address.start();
  page.hash = "#dataset=xor";
  await address.changed();
  assert.deepEqual([page.asked.at(-1), store.get().spec.dataset.name], ["begin xor", "xor"]);
  assert.equal(page.hash, "#dataset=xor&run=new2");
});

test("a step back to an address whose run is gone brings its settings back", async () => {
  const { page, address } = makePage({ hash: "#dataset=spiral" });
  await address.start();
  const before = page.hash;
  page.hash = "#dataset=xor";
  await address.changed();
  page.hash = before;
  await address.changed();
  assert.deepEqual(page.asked.slice(-2), ["open new1", "begin spiral"]);
});

test("a value edited beside the present run makes a new run", async () => {
  const { page, address } = makePage({ runs: ["new1"] });
  await address.start();
  page.hash = "#noise=20&run=new1";
  await address.changed();
  assert.deepEqual(page.asked, ["begin circle", "begin circle"]);
});

test("a jump to a place of the page is no link", async () => {
  const { page, address } = makePage();
  await address.start();
  page.hash = "#main";
  await address.changed();
  assert.deepEqual(page.asked, ["begin circle"]);
});

test("a link lets go of the unit that was pinned and of the formula that was being typed", async () => {
  const { page, address, store } = makePage();
  await address.start();
  store.set({ pinned: { layer: 1, unit: 7 }, dataCard: { ...dataAtFirst, typed: "x^" } });
  page.hash = "#layers=2:relu";
  await address.changed();
  assert.deepEqual([store.get().pinned, store.get().dataCard.typed], [null, null]);
});
