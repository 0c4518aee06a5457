import { expect, test } from "vitest";
import { PART_BYTES, planParts } from "../../adapters/export/export-bucket.ts";
import { describeExportFailed, describeExportReady, sayBytes } from "../../core/export/notice.ts";
import { buildArn } from "../../events/ids.ts";

const build = buildArn.parse("arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.0/2");
const exported = { image: "base", channel: "stable", build };

test("the notice lists the files, their sizes, and the command that links to them", () => {
  const key = "base/1.0.0/2/acme-base-1.0.0-2.vmdk";
  const checksum = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=-1";

  const notice = describeExportReady({ ...exported, files: [{ format: "vmdk", key, size: 912_680_550, checksum }] });

  expect(notice).toMatchObject({
    title: "base: build 1.0.0/2 of channel stable exported",
    tone: "good",
    attributes: { event: "export.ready", image: "base", channel: "stable" },
    nextSteps: ["amint export base --channel stable --link"],
  });
  expect(notice.lines[0]).toBe(`vmdk: ${key}, 870 MiB, SHA-256 of parts ${checksum}`);
});

test("a failure's notice has the reason, what is left, and how to retry", () => {
  const notice = describeExportFailed({ ...exported, formats: ["raw", "vhd"], tries: 3, error: "no role" });

  expect(notice).toMatchObject({
    title: "base: export of build 1.0.0/2 of channel stable failed",
    tone: "bad",
    nextSteps: ["amint export base --channel stable --again"],
    resources: [build],
  });
  expect(notice.lines).toEqual(expect.arrayContaining(["Formats: raw, vhd", "Error: no role"]));
});

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
