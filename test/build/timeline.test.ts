import { expect, test } from "vitest";
import { openApproval, recordDecision, recordIamAnswer, recordJudgement } from "../../adapters/approval/approvals.ts";
import { readImageState } from "../../adapters/build/image-state.ts";
import { recordGate } from "../../adapters/evidence/evidence.ts";
import { saveExport } from "../../adapters/export/exports.ts";
import { recordHold, recordRetiredRegion, recordRetirement } from "../../adapters/retirement/retirements.ts";
import { keepRollout } from "../../adapters/rollout/rollouts.ts";
import { recordVerification } from "../../adapters/share/verifications.ts";
import { drawBuildStory, readWholeStory } from "../../cli/build/build-story.ts";
import { parseAmiId } from "../../events/ids.ts";
import { moveBack } from "../../functions/channel/move-back.ts";
import { restoreBuild } from "../../functions/revocation/restore-build.ts";
import { revokeOne } from "../../functions/revocation/revoke-one.ts";
import { promoteCalmly } from "../channel/way-back/promote.ts";
import { IMAGE, openWay } from "../channel/way-back/world.ts";
import { HOUR } from "../world/time.ts";

/** Two builds pass their channels; the newer one is rolled back, revoked, restored, and revoked again. */
async function live() {
  const world = await openWay(["eu-west-1", "us-east-1"], 2);
  await world.renew();
  for (const one of world.builds) {
    await promoteCalmly(world, one, 10_000, "ada");
    await world.clock.runUntil(world.clock.now() + HOUR);
  }
  const [, second] = world.builds;
  const { build } = second!;
  const step = async (work: (one: ReturnType<typeof world.step>) => Promise<unknown>): Promise<void> => {
    await world.through(work(world.step()));
    await world.clock.runUntil(world.clock.now() + HOUR);
  };
  await step((one) =>
    moveBack({ image: IMAGE, channel: "candidate", by: "grace", reason: "sshd fails", request: "1" }, one),
  );
  await step((one) => revokeOne({ build, by: "ada", reason: "a key leaks" }, one));
  await step((one) => restoreBuild({ build, by: "grace", reason: "a false alarm", request: "2", goesOn: false }, one));
  await step((one) => revokeOne({ build, by: "linus", reason: "it leaks all the same" }, one));
  const { ledger } = world.step();
  const story = async (of = build) => {
    const state = await readImageState(ledger, IMAGE);
    const record = state.builds.find((one) => one.build === of)!;
    return readWholeStory(ledger, record, state, ["candidate", "stable"]);
  };
  return { world, ledger, build, story };
}

test("a build's timeline has its moves, revocations and restorations with who and why, in order of time", async () => {
  const { story } = await live();

  const { timeline, revoked } = await story();

  const told = timeline.filter(({ kind }) => kind === "channel" || kind === "revocation").map(({ text }) => text);
  expect(told).toEqual([
    "candidate points at it, from 1.0.0/1 (promotion)",
    "stable points at it, from 1.0.0/1 (promotion)",
    "candidate leaves it for 1.0.0/1 (rollback by grace: sshd fails)",
    "revoked by ada: a key leaks",
    "stable leaves it for 1.0.0/1 (revoke by ada: a key leaks)",
    "restored by grace: a false alarm",
    "revoked by linus: it leaks all the same",
  ]);
  const times = timeline.flatMap(({ at }) => at ?? []);
  expect(times).toEqual(times.toSorted());
  expect(revoked).toMatchObject({ by: "linus", reason: "it leaks all the same" });
  expect(timeline.filter(({ kind }) => kind === "trigger")).toMatchObject([{ by: "ada", at: null }]);
  expect(timeline.filter(({ kind, at }) => kind === "copy" && at === null)).toHaveLength(1);
});

test("the other build's timeline has the rollbacks to it", async () => {
  const { world, story } = await live();

  const { timeline } = await story(world.builds[0]?.build);

  expect(timeline.filter(({ kind }) => kind === "channel").map(({ text }) => text)).toEqual([
    "candidate points at it (promotion)",
    "stable points at it (promotion)",
    "candidate leaves it for 1.0.0/2 (promotion)",
    "stable leaves it for 1.0.0/2 (promotion)",
    "candidate points at it, from 1.0.0/2 (rollback by grace: sshd fails)",
    "stable points at it, from 1.0.0/2 (revoke by ada: a key leaks)",
  ]);
});

test("the timeline has rules with waivers, approvals, verifications, roll-outs, holds, retirement and exports", async () => {
  const { ledger, build, story } = await live();
  const at = (hour: number) => `2026-05-01T${String(hour).padStart(2, "0")}:00:00.000Z`;
  const subject = { image: IMAGE, build, channel: "stable" };
  const waived = "CVE-2026-1 waived by sec until 2026-06-01: no network";
  const rule = { rule: "cve-high", passed: true, found: "0", allowed: "at most 0", examples: [], waived: [waived] };
  await recordGate(ledger, build, { verdict: "passed", reasons: [rule], decidedAt: at(1) });
  const asked = { requestedAt: at(2), expiresAt: at(20), approvers: ["ada", "grace"], required: 1 };
  await openApproval(ledger, { ...subject, ...asked, token: "a token" });
  const answers = [
    ["linus", "approved", "looks good", 3],
    ["ada", "approved", "tested", 4],
  ] as const;
  for (const [principal, verdict, reason, hour] of answers) {
    const answer = { id: principal, identity: { principal }, verdict, reason, at: at(hour) };
    await recordIamAnswer(ledger, subject, answer);
    const judged =
      principal === "ada"
        ? ({ outcome: "counted", person: "ada" } as const)
        : ({ outcome: "refused", code: "not-an-approver", reason: "linus is not an approver" } as const);
    await recordJudgement(ledger, subject, answer, judged);
  }
  await recordDecision(ledger, subject, { verdict: "granted", at: at(5), owner: "r" });
  const place = { channel: "stable", region: "eu-west-1", amiId: parseAmiId("ami-00000000000000001"), at: at(6) };
  await recordVerification(ledger, build, { ...place, account: "200000000001", proof: "launched" });
  await recordVerification(ledger, build, { ...place, account: "200000000002", proof: "decryptable" });
  const steps = [{ waves: ["early"], first: false, bake: 0 }];
  const rollout = { id: "r1", kind: "normal" as const, build, amis: {}, movedAt: at(6), steps, index: 1, revision: 3 };
  const ended = { startedAt: at(7), changedAt: at(8), endedAt: at(8), resumed: false, told: true };
  await keepRollout(ledger, subject, { ...rollout, ...ended, state: "done" });
  await recordHold(ledger, { image: IMAGE, build, until: "2026-12-31", by: "ada", reason: "an audit", at: at(9) });
  await recordRetirement(ledger, { image: IMAGE, build, stage: "disabled", at: at(10), why: ["unused"] }, undefined);
  const done = { stage: "deprecated" as const, at: at(11) };
  await recordRetiredRegion(ledger, { build, region: "us-east-1", amiId: place.amiId, done, proofs: {} });
  const exported = { image: IMAGE, channel: "stable", build, amiId: place.amiId, formats: ["vmdk" as const] };
  await saveExport(
    ledger,
    { ...exported, state: "ready", attempt: 1, tries: 1, since: at(12), files: {}, version: 1 },
    undefined,
  );

  const found = await story();

  const after = found.timeline.filter(({ at: time }) => (time ?? "") >= at(1) && (time ?? "") < at(13));
  expect(after.map(({ text }) => text)).toEqual([
    "the gate lets the build pass",
    "approval for stable requested: 1 of ada, grace, until 2026-05-01 20:00 UTC",
    "linus approves it for stable: looks good, which does not count: linus is not an approver",
    "ada approves it for stable: tested",
    "approval for stable granted",
    "verified as a consumer for stable in eu-west-1: an instance ran in 200000000001",
    "verified as a consumer for stable in eu-west-1: launch and KMS dry run passed in 200000000002",
    "the roll-out of stable starts",
    "the roll-out of stable is complete",
    "held until 2026-12-31 by ada: an audit",
    "retirement: disabled: unused",
    "deprecated in us-east-1",
    "export for stable as vmdk: ready",
  ]);
  expect(found.timeline.map(({ text }) => text)).toContain(`waiver for cve-high: ${waived}`);
  const lines = drawBuildStory(found);
  expect(lines[0]).toBe(`${IMAGE} 1.0.0/2: was revoked by linus: it leaks all the same`);
  expect(lines.filter((line) => line.length > 100)).toEqual([]);
});
