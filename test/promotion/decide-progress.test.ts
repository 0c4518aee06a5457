import { expect, test } from "vitest";
import { type BuildSituation, type ChannelSituation, decideProgress } from "../../core/promotion/decide-progress.ts";
import { parseBuildArn } from "../../events/ids.ts";

const newer = parseBuildArn("arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.0/2");

const passed: BuildSituation = {
  status: "available",
  gate: { verdict: "passed", reasons: [] },
  undone: undefined,
  channels: [],
};
const through = (...states: ChannelSituation["state"][]): BuildSituation => ({
  ...passed,
  channels: states.map((state, n) => ({
    name: ["candidate", "stable"][n] ?? "",
    state,
    ...((state === "left" || state === "taken") && { by: newer }),
  })),
});

test("a build is under way until the channel that is waited for is published in every region", () => {
  expect(decideProgress({ ...passed, status: "building" })).toEqual({ kind: "under-way", text: "building" });
  expect(decideProgress({ ...through("ahead"), gate: undefined })).toMatchObject({ kind: "under-way" });
  expect(decideProgress(through("moving"))).toMatchObject({ kind: "under-way" });
  expect(decideProgress(through("published", "ahead"))).toEqual({
    kind: "under-way",
    text: "in candidate, promotion continues",
  });
  expect(decideProgress(through("published", "published"))).toMatchObject({ outcome: "succeeded" });
});

test("where available is enough, the gate is not waited for", () => {
  expect(decideProgress({ ...passed, gate: undefined })).toEqual({
    kind: "ended",
    outcome: "succeeded",
    reason: "it is available",
  });
});

test("a newer build in an earlier channel overtakes only a build that was never there", () => {
  expect(decideProgress(through("left", "ahead"))).toMatchObject({ kind: "under-way" });
  expect(decideProgress(through("left", "taken"))).toEqual({
    kind: "ended",
    outcome: "superseded",
    reason: "stable points at the newer build 1.0.0/2",
  });
  expect(decideProgress(through("taken", "ahead"))).toMatchObject({ outcome: "superseded" });
});

test("an undone promotion has failed, even if a channel still points at its build", () => {
  expect(decideProgress({ ...through("published"), undone: "ParameterNotYet: no" })).toMatchObject({
    outcome: "promotion-failed",
  });
});

test("every unsuccessful end has a reason", () => {
  const failure = { component: "agents", phase: "build", step: "Install", reason: "503" };
  const rule = { rule: "cve-critical", passed: false, found: "1", allowed: "at most 0", examples: ["CVE-1"] };

  expect(decideProgress({ ...passed, status: "failed", failure })).toMatchObject({
    outcome: "failed",
    reason: "agents / build / Install: 503",
  });
  expect(decideProgress({ ...through("ahead"), gate: { verdict: "rejected", reasons: [rule] } })).toMatchObject({
    outcome: "rejected",
    reason: "the gate rejected it: cve-critical: 1, at most 0 (CVE-1)",
  });
  expect(decideProgress({ ...passed, status: "cancelled" })).toMatchObject({ outcome: "cancelled" });
});

test("the approval decides, and is shown while it waits", () => {
  const asked = (approval: NonNullable<ChannelSituation["approval"]>): BuildSituation => ({
    ...passed,
    channels: [
      { name: "candidate", state: "published" },
      { name: "stable", state: "ahead", approval },
    ],
  });
  const approvers = ["ada", "grace"];

  expect(decideProgress(asked({ approvers }))).toEqual({
    kind: "under-way",
    text: "waiting for approval for stable by ada, grace",
  });
  expect(decideProgress(asked({ approvers, verdict: "granted" }))).toMatchObject({ kind: "under-way" });
  expect(decideProgress(asked({ approvers, verdict: "denied", reason: "not today" }))).toEqual({
    kind: "ended",
    outcome: "rejected",
    reason: "rejected for stable by an approver: not today",
  });
  expect(decideProgress(asked({ approvers, verdict: "expired" }))).toMatchObject({ outcome: "rejected" });
  expect(decideProgress(asked({ approvers, verdict: "withdrawn" }))).toMatchObject({ outcome: "superseded" });
  expect(decideProgress({ ...through("published"), revoked: "a backdoor" })).toMatchObject({ outcome: "rejected" });
});
