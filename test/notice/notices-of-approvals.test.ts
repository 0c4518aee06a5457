import { expect, test } from "vitest";
import { sayBuildChange } from "../../core/approval/build-change.ts";
import { approvalVerdicts } from "../../core/approval/decide-approval.ts";
import { describeApproval, isOpen, type Question } from "../../core/approval/notice.ts";
import type { Evidence } from "../../core/evidence/evidence.ts";
import { describeWaiverExpiring } from "../../core/gate/notice.ts";
import { toBlocks } from "../../core/notice/slack-blocks.ts";
import { describeBuildRestored, describeBuildRevoked } from "../../core/revocation/notice.ts";
import { parseAmiId, parseBuildArn } from "../../events/ids.ts";

const build = parseBuildArn("arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.1/1");
const previous = parseBuildArn("arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.0/3");
const amiId = parseAmiId("ami-0123456789abcdef0");

const finding = (id: string, severity: string, fixable = true) => ({ id, severity, packages: ["x"], fixable });

const evidence = (findings: Evidence["cve"]["findings"], scan = "COMPLETED"): Evidence => {
  const count = (severity: string) => ({ all: findings.filter((one) => one.severity === severity).length, fixable: 0 });
  return {
    collectedAt: "2026-04-02T08:00:00Z",
    sources: [],
    tests: [],
    components: [],
    cve: { scan, counts: { critical: count("critical"), high: count("high"), medium: count("medium") }, findings },
    packages: { added: 0, removed: 1, changed: 2, examples: ["~ openssl.x86_64 3.0.8-1 -> 3.0.8-4"] },
    packageCount: 400,
    key: "evidence/acme-base/1.0.1/1.json",
  };
};

const change = { image: "base", triggers: [], previous };

const question: Question = {
  image: "base",
  build,
  channel: "stable",
  approvers: ["ada", "grace", "linus"],
  required: 2,
  expiresAt: "2026-04-05T08:00:00.000Z",
  answers: [],
  change,
};

const answer = (person: string, verdict: "approved" | "rejected", reason?: string) => ({
  person,
  verdict,
  via: "slack" as const,
  at: "2026-04-03T09:00:00.000Z",
  ...(reason && { reason }),
});

test("a question says who must agree until when, and how without Slack", () => {
  const { title, lines, tone, attributes } = describeApproval(question, { event: "approval.requested" });

  expect(title).toBe("base: approve build 1.0.1/1 for stable?");
  expect(lines.slice(0, 3)).toEqual([
    "2 of ada, grace, linus must approve by 2026-04-05 08:00 UTC.",
    'On the command line: amint approve "base 1.0.1/1" --channel stable --reason "...", or amint reject',
    "Replaces: 1.0.0/3",
  ]);
  expect(tone).toBe("question");
  expect(attributes).toEqual({ event: "approval.requested", image: "base", channel: "stable" });
});

test("what was decided takes the question's place, with who answered what and why", () => {
  const answers = [answer("ada", "approved", "smoke tests are fine"), answer("grace", "approved")];
  const granted = { ...question, answers, decided: { verdict: "granted" as const } };

  const { title, lines } = describeApproval(granted, { event: "approval.granted" });

  expect(title).toBe("base: build 1.0.1/1 approved for stable by ada, grace");
  expect(lines[0]).toBe("approved by ada (slack, 2026-04-03 09:00 UTC): smoke tests are fine");
  expect(lines.join("\n")).not.toContain("must approve");
});

test("however a question ends, its title says so, it is closed, and no two endings read the same", () => {
  const answers = [answer("ada", "approved"), answer("grace", "rejected")];
  const ended = approvalVerdicts.map((verdict) => ({ ...question, answers, decided: { verdict } }));
  const revoked = { ...question, over: "ada revoked it: it leaks keys" };

  const titles = [...ended, revoked].map((one) => describeApproval(one, { event: "x" }).title);

  expect(titles).toEqual([
    "base: build 1.0.1/1 approved for stable by ada",
    "base: build 1.0.1/1 rejected for stable by grace",
    "base: build 1.0.1/1 not promoted to stable: not approved in time",
    "base: build 1.0.1/1 not promoted to stable: approval is no longer required",
    "base: build 1.0.1/1 not promoted to stable: ada revoked it: it leaks keys",
  ]);
  expect([...ended, revoked].filter(isOpen)).toEqual([]);
  expect(isOpen(question)).toBe(true);
});

test("the question lists the CVEs that the build fixes, those it leaves, and what the gate leaves to approvers", () => {
  const before = evidence([finding("CVE-1", "critical"), finding("CVE-2", "high"), finding("CVE-9", "low")]);
  const now = evidence([finding("CVE-2", "high", false), finding("CVE-3", "medium")]);
  const drift = { rule: "drift", passed: false, found: "31 packages added", allowed: "at most 30", examples: [] };
  const cve = { rule: "cve", passed: true, found: "0", allowed: "0", examples: [], waived: ["CVE-7 for grace"] };

  const lines = sayBuildChange({ ...change, evidence: now, evidenceBefore: before, gate: [drift, cve] });

  expect(lines).toEqual([
    "Replaces: 1.0.0/3",
    "Packages: 2 changed, 0 added, 1 removed",
    "  ~ openssl.x86_64 3.0.8-1 -> 3.0.8-4",
    "CVEs: critical 1 → 0, high 1 → 1, medium 0 → 1",
    "Closed: CVE-1 (critical)",
    "Open: CVE-2 (high), CVE-3 (medium, fixable)",
    "Waivers used: CVE-7 for grace",
    "The gate requires your decision on:",
    "  drift: 31 packages added, at most 30",
  ]);
});

test("nothing is called closed where more may be left than the ledger keeps", () => {
  const before = evidence([finding("CVE-1", "critical")]);
  const now = evidence(Array.from({ length: 50 }, (_, n) => finding(`CVE-${n + 100}`, "high")));

  const lines = sayBuildChange({ ...change, evidence: now, evidenceBefore: before });

  expect(lines).toContain("CVEs: critical 1 → 0, high 0 → 50, medium 0 → 0");
  expect(lines.join()).not.toContain("Closed");
  expect(lines.at(-1)).toMatch(/^Open: CVE-100 .*, and 40 more$/);
});

test("a missing scan is never shown as no findings, on either side", () => {
  const clean = evidence([]);
  const unscanned = evidence([], "FAILED");

  expect(sayBuildChange({ ...change, evidence: unscanned })).toContain("CVEs: unknown, the scan ended FAILED");
  expect(sayBuildChange(change)).toContain("CVEs: unknown, no evidence is stored");
  expect(sayBuildChange({ ...change, evidence: clean, evidenceBefore: unscanned })).toContain(
    "CVEs: critical 0, high 0, medium 0",
  );
});

test("the buttons carry the answer and nothing else, and the message mentions those who can answer", () => {
  const notice = describeApproval(question, { event: "approval.requested" });

  const blocks = toBlocks(notice, { build, channel: "stable", users: ["U012AB3CD", "U012AB3CE"] });

  const actions = blocks.at(-1);
  const elements = actions?.type === "actions" ? actions.elements : [];
  expect(elements.map(({ action_id, style }) => [action_id, style])).toEqual([
    ["approve", "primary"],
    ["reject", "danger"],
  ]);
  for (const { value } of elements) expect(JSON.parse(value)).toEqual({ build, channel: "stable" });
  expect(blocks.at(-2)).toMatchObject({ text: { text: "<@U012AB3CD> <@U012AB3CE>" } });
  expect(toBlocks(notice).map(({ type }) => type)).toEqual(["header", "section"]);
});

const revoked = {
  image: "base",
  build,
  reason: "it leaks keys",
  by: "ada",
  channels: [{ channel: "candidate", to: previous }, { channel: "stable" }],
  withdrawn: [{ region: "eu-west-1", amiId }],
  sharedWith: ["ou-exam-sandbox1"],
  left: [],
};

test("a revocation reports where channels point, which instances keep running, and how to undo it", () => {
  const { title, lines } = describeBuildRevoked(revoked);

  expect(title).toBe("base: build 1.0.1/1 revoked");
  expect(lines).toEqual([
    "Reason: it leaks keys",
    "Revoked by: ada",
    "Channel candidate points at 1.0.0/3 again.",
    "Channel stable points at NO BUILD: no usable earlier build exists.",
    `eu-west-1: ${amiId} is disabled`,
    "Running instances are not affected. Was shared with: ou-exam-sandbox1",
    `Build: ${build}`,
    'To undo: amint restore "base 1.0.1/1" --reason "..."',
  ]);
});

test("what a revocation could not do is shown prominently, also in its title", () => {
  const { title, lines } = describeBuildRevoked({ ...revoked, left: ["eu-west-1: denied"], because: previous });

  expect(title).toBe("base: build 1.0.1/1 revoked, but not completely");
  expect(lines.slice(-7, -4)).toEqual([
    "NOT done yet:",
    "  eu-west-1: denied",
    'To retry: amint revoke "base 1.0.1/1" --reason "..."',
  ]);
  expect(lines).toContain(`Its parent build 1.0.0/3 was revoked: ${previous}`);
});

test("a restoration's notice states that it moves no channel", () => {
  const restored = { image: "base", build, by: "ada", reason: "false alarm", shared: [{ region: "eu-west-1", amiId }] };

  const { lines, tone } = describeBuildRestored(restored);

  expect(lines).toContain(`eu-west-1: ${amiId} is enabled and shared as before`);
  expect(lines).toContain("Channels were not changed. To move one: amint rollback base <channel> --to 1.0.1/1");
  expect(tone).toBe("news");
});

test("a waiver's end is reported with its owner and the command that extends it", () => {
  const waiver = { finding: "CVE-2026-1", image: "*", owner: "grace", reason: "no fix", until: "2026-04-30" };

  const { title, lines } = describeWaiverExpiring(waiver);

  expect(title).toBe("All images: waiver for CVE-2026-1 expires on 2026-04-30");
  expect(lines).toContain("  amint waive CVE-2026-1 --image '*' --owner grace --reason \"...\" --until <date>");
});
