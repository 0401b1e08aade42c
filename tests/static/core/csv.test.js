import assert from "node:assert/strict";
import { test } from "node:test";
import { csvName, csvOf, samplesCsv } from "../../../static/js/core/csv.js";

test("a field with a comma, a quote or a line break is quoted", () => {
  assert.equal(csvOf([['say "hi"', "a,b", "two\nlines", -0.5]]), '"say ""hi""","a,b","two\nlines",-0.5\r\n');
});

for (const sign of ["=", "+", "-", "@", "\t", "\r", "\n"]) {
  test(`a text that begins with ${JSON.stringify(sign)} is no formula of a spreadsheet`, () => {
    const field = csvOf([[`${sign}HYPERLINK(1)`]]).trimEnd();
    assert.ok(field.startsWith("'") || field.startsWith(`"'`), field);
  });
}

test("a number below nothing stays a number, a sign inside a text stays where it is", () => {
  assert.equal(csvOf([[-0.5, "-0.5", "a=b", "", "é@"]]), "-0.5,'-0.5,a=b,,é@\r\n");
});

test("samples become rows, those for training first", () => {
  const samples = {
    train: { features: [[1.5, -2]], labels: [0] },
    val: { features: [[0.25, 3]], labels: [1] },
  };
  assert.equal(samplesCsv(samples), "x1,x2,label,split\r\n1.5,-2,0,training\r\n0.25,3,1,test\r\n");
});

test("samples over a line have one input", () => {
  const samples = { train: { features: [[1]], labels: [0.5] }, val: { features: [], labels: [] } };
  assert.equal(samplesCsv(samples), "x,label,split\r\n1,0.5,training\r\n");
});

test("the file is named after the data set and its seed", () => {
  assert.equal(csvName({ name: "circle", seed: 3 }), "circle-sample-3.csv");
});
