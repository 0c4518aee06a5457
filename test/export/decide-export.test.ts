import { expect, test } from "vitest";
import {
  beginExport,
  decideExport,
  type ExportFacts,
  failExport,
  type WantedExport,
} from "../../core/export/decide-export.ts";
import type { ExportRecord } from "../../core/export/export-record.ts";
import { buildArn } from "../../events/ids.ts";

const build = buildArn.parse("arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.0/1");
const now = new Date("2026-04-08T10:00:00Z");
const wanted: WantedExport = {
  image: "base",
  channel: "stable",
  build,
  amiId: "ami-0123456789abcdef0",
  formats: ["vmdk", "raw"],
};
const begun = beginExport(wanted, undefined, now);
const nothing: ExportFacts = { record: undefined, wanted: undefined, withdrawn: false, undone: false, again: false };
const kept = { key: "base/1.0.0/1/a.vmdk", size: 1, checksum: "c-1", partBytes: 1, at: now.toISOString() };
const of = (record: Partial<ExportRecord>, more: Partial<ExportFacts> = {}) =>
  decideExport({ ...nothing, wanted, record: { ...begun, ...record }, ...more });

test("a build is exported while its channel points at it, and finished files stay when the channel moves on", () => {
  expect(decideExport({ ...nothing, wanted })).toBe("begin");
  expect(of({})).toBe("advance");
  expect(of({}, { wanted: undefined })).toBe("remove");
  expect(of({ state: "failed", told: true }, { wanted: undefined })).toBe("remove");
  expect(of({ state: "ready", told: true })).toBe("leave");
  expect(of({ state: "ready", told: true }, { wanted: undefined })).toBe("leave");
});

test("exports of a revoked build, or of an undone promotion, are removed once, in every state", () => {
  expect(of({ state: "ready", told: true }, { withdrawn: true })).toBe("remove");
  expect(of({}, { withdrawn: true })).toBe("remove");
  expect(of({ state: "ready", told: true }, { wanted: undefined, undone: true })).toBe("remove");
  expect(of({ state: "removing" })).toBe("remove");
  expect(of({ state: "removed" }, { withdrawn: true })).toBe("leave");
  expect(decideExport({ ...nothing, wanted, withdrawn: true })).toBe("leave");
  expect(of({ state: "removed" })).toBe("begin");
});

test("the notice is sent before an export ends; a failed one restarts on request, or for more formats", () => {
  expect(of({ state: "ready" })).toBe("advance");
  expect(of({ state: "failed" })).toBe("advance");
  expect(of({ state: "failed", told: true })).toBe("leave");
  expect(of({ state: "failed", told: true }, { again: true })).toBe("begin");
  expect(of({ state: "ready", told: true }, { wanted: { ...wanted, formats: ["vmdk", "raw", "vhd"] } })).toBe("begin");
});

test("a failed attempt is followed by another with the kept parts; the third failure is final", () => {
  const files = { vmdk: { kept }, raw: { task: { id: "export-ami-1", startedAt: now.toISOString() } } };

  const second = failExport({ ...begun, files }, "no");
  const third = failExport({ ...second, files }, "no");
  const end = failExport({ ...third, files }, "no");
  const anew = beginExport(wanted, end, now);

  expect([second, third].map(({ state, attempt, tries }) => [state, attempt, tries])).toEqual([
    ["under-way", 2, 2],
    ["under-way", 3, 3],
  ]);
  expect(second.files).toEqual({ vmdk: { kept } });
  expect(end).toMatchObject({ state: "failed", attempt: 3, failure: "no", files: { vmdk: { kept } } });
  expect(anew).toMatchObject({ state: "under-way", attempt: 4, tries: 1, files: { vmdk: { kept } } });
  expect(beginExport(wanted, { ...end, state: "removed" }, now).files).toEqual({});
});
