import { expect, it } from "vitest";
import { type PromotableFacts, whyNotPromoted } from "../../core/promotion/decide-promote.ts";

const now = new Date("2026-04-20T08:00:00.000Z");
const failed: PromotableFacts = {
  status: "available",
  verdict: "passed",
  revokedBy: undefined,
  gone: undefined,
  failed: { at: "2026-04-20T07:00:00.000Z", left: [] },
  undone: true,
  channels: [],
};

it("lets a promotion start again that failed and was undone completely", () => {
  expect(whyNotPromoted(failed, now)).toBeUndefined();
});

it("lets one begin anew that failed before its gate", () => {
  expect(whyNotPromoted({ ...failed, verdict: undefined }, now)).toBeUndefined();
});

it.each<[Partial<PromotableFacts>, string]>([
  [{ status: "building" }, "it is being built"],
  [{ status: "failed" }, "its build failed"],
  [{ status: "cancelled" }, "its build was cancelled"],
  [{ revokedBy: "ada" }, "ada revoked it"],
  [
    { gone: { at: "2026-04-19T08:00:00.000Z", why: "its gate rejected it" } },
    "its AMIs are being removed since 2026-04-19",
  ],
  [{ verdict: "rejected" }, "the gate rejected it"],
  [{ failed: undefined, undone: false, channels: ["stable"] }, "its promotion did not fail: stable points at it"],
  [{ failed: undefined, undone: false }, "its promotion did not fail: it is in progress, or it was superseded"],
  [{ failed: { at: failed.failed!.at, left: ["ami-1 in us-east-1"] } }, "not undone completely (ami-1 in us-east-1)"],
  [{ failed: { at: "2026-04-20T07:58:00.000Z", left: [] } }, "try again in three minutes"],
])("refuses, saying why: %o", (some, why) => {
  expect(whyNotPromoted({ ...failed, ...some }, now)).toContain(why);
});
