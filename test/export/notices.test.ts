import { expect, test } from "vitest";
import { describeExportFailed, describeExportReady } from "../../core/export/notice.ts";
import { buildArn } from "../../events/ids.ts";

const build = buildArn.parse("arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.0/2");
const exported = { image: "base", channel: "stable", build };

test("the notice lists the files, their sizes, and the command that links to them", () => {
  const key = "base/1.0.0/2/acme-base-1.0.0-2.vmdk";
  const checksum = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=-1";

  const notice = describeExportReady({
    ...exported,
    files: [{ format: "vmdk", key, size: 912_680_550, checksum }],
  });

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
