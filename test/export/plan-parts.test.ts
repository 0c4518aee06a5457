import { expect, test } from "vitest";
import { PART_BYTES, planParts } from "../../adapters/export/export-bucket.ts";
import { sayBytes } from "../../core/export/notice.ts";

test.each([
  [1, ["bytes=0-0"]],
  [10, ["bytes=0-9"]],
  [11, ["bytes=0-9", "bytes=10-10"]],
  [20, ["bytes=0-9", "bytes=10-19"]],
])("a file of %i bytes is copied in parts of ten, without a gap and without a byte twice", (size, ranges) => {
  const parts = planParts(size, 10);

  expect(parts.map(({ range }) => range)).toEqual(ranges);
  expect(parts.map(({ number }) => number)).toEqual(ranges.map((_, at) => at + 1));
});

test("the largest disk that EC2 exports stays within S3's limits on parts and part size", () => {
  expect(planParts(2 ** 40 + 512)).toHaveLength(1025);
  expect(PART_BYTES).toBeLessThanOrEqual(5 * 2 ** 30);
});

test("sizes are printed in GiB, MiB or KiB, whichever fits", () => {
  expect([0, 512, 1536, 912_680_550, 8 * 2 ** 30].map(sayBytes)).toEqual([
    "0 bytes",
    "512 bytes",
    "1.5 KiB",
    "870 MiB",
    "8 GiB",
  ]);
});
