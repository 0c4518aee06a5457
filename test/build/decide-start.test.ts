import { describe, expect, test } from "vitest";
import { decideStart, isOffDay, type StartedBuild, type StartSituation } from "../../core/build/decide-start.ts";
import type { Reason } from "../../core/build/reasons.ts";
import type { Trigger } from "../../events/build.ts";
import { parseAmiId, parseBuildArn } from "../../events/ids.ts";
import factory from "../../factory.config.ts";

const base = factory.images["al2023-base"]!;
const web = factory.images["al2023-web"]!;
const arn = (image: string, n: number) =>
  parseBuildArn(`arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-${image}/1.0.0/${n}`);
const parentBuild = (n: number) => arn("al2023-base", n);
const ami = (n: number) => parseAmiId(`ami-0000000000000000${n}`);
const now = new Date("2026-04-15T12:00:00Z");
const minutesAgo = (minutes: number): string => new Date(now.getTime() - minutes * 60_000).toISOString();

const manual: Trigger = { kind: "manual", requestedBy: "ada" };
const parent = (n: number): Trigger => ({
  kind: "parent",
  parent: "al2023-base",
  channel: "stable",
  parentBuild: parentBuild(n),
});
const scheduled = (scheduledTime: string): Trigger => ({ kind: "schedule", scheduledTime });
const patchDay = scheduled("2026-04-15T01:00:00Z");
const rebased: Trigger = { kind: "base", name: "/aws/service/al2023", from: ami(1), to: ami(2) };
const packages: Trigger = { kind: "packages", build: parentBuild(1), advisories: [], others: ["ALAS2023-2026-1"] };

const reasons = (...triggers: Trigger[]): Reason[] => triggers.map((trigger, n) => ({ token: `token-${n}`, trigger }));
const built = (changes: Partial<StartedBuild> = {}): StartedBuild => ({
  build: parentBuild(1),
  status: "available",
  startedAt: minutesAgo(600),
  config: "now",
  ...changes,
});
const failed = (minutes: number, config = "now") => built({ status: "failed", startedAt: minutesAgo(minutes), config });

const decide = (changes: Partial<StartSituation>) =>
  decideStart({
    image: base,
    reasons: reasons(patchDay),
    claim: undefined,
    builds: [],
    config: "now",
    parentBuild: undefined,
    blackout: undefined,
    now,
    ...changes,
  });
const verdict = (changes: Partial<StartSituation>) => decide(changes).verdict;
const code = (changes: Partial<StartSituation>) => {
  const decided = verdict(changes);
  return decided.kind === "wait" ? decided.code : decided.kind;
};

test("a reason starts a build", () => {
  expect(code({})).toBe("start");
});

test("every reason waits while a build of the image is under way, manual requests included", () => {
  expect(verdict({ claim: { build: parentBuild(3) }, reasons: reasons(manual) })).toEqual({
    kind: "wait",
    code: "building",
    reason: "build 1.0.0/3 is in progress",
  });
  expect(code({ claim: {} })).toBe("building");
});

test("only patch day among the schedule's dates is a reason", () => {
  expect(isOffDay(base, scheduled("2026-04-14T01:00:00Z"))).toBe(true);
  expect(isOffDay(base, patchDay)).toBe(false);
});

describe("A child", () => {
  test("without a promoted parent is not built, and the reason says which channel is empty", () => {
    const { never, verdict: rest } = decide({ image: web, reasons: reasons(manual, patchDay) });
    expect(rest).toEqual({ kind: "nothing" });
    expect(never).toMatchObject([
      { code: "unpromoted", reason: "its parent al2023-base has no build in channel stable yet" },
    ]);
    expect(never[0]?.reasons).toHaveLength(2);
  });

  test("without a promoted parent keeps its advisories, which are reported only once", () => {
    expect(code({ image: web, reasons: reasons(packages) })).toBe("parent");
  });

  test("waits until what its recipe starts from is the AMI of its parent's build, for every requester", () => {
    const behind = { image: web, parentBuild: parentBuild(1), parentBehind: "/imagebuilder/parent" };

    expect(verdict({ ...behind, reasons: reasons(manual, parent(1)) })).toEqual({
      kind: "wait",
      code: "parent",
      reason: "/imagebuilder/parent does not name the AMI of its parent's build 1.0.0/1 yet",
    });
    expect(code({ ...behind, parentBehind: undefined, reasons: reasons(manual, parent(1)) })).toBe("start");
  });

  test("starts once the parent's channel points at the build that was promoted", () => {
    expect(code({ image: web, reasons: reasons(parent(2)), parentBuild: parentBuild(2) })).toBe("start");
  });

  test("follows no promotion that the parent's channel has left behind, whatever else waits", () => {
    const decided = decide({ image: web, reasons: reasons(parent(1), parent(2), manual), parentBuild: parentBuild(2) });
    expect(decided.never).toMatchObject([
      { code: "outdated", reason: `its parent's channel now points at ${parentBuild(2)}` },
    ]);
    expect(decided.never[0]?.reasons.map(({ token }) => token)).toEqual(["token-0"]);
    expect(decided.reasons.map(({ token }) => token)).toEqual(["token-1", "token-2"]);
  });

  test("that was already built from the promoted parent is not built again for it, unless that build failed", () => {
    const builds = (status: StartedBuild["status"]) => [built({ status, parentBuild: parentBuild(2) })];
    const asked = { image: web, reasons: reasons(parent(2)), parentBuild: parentBuild(2) };
    expect(decide({ ...asked, builds: builds("available") }).never).toMatchObject([{ code: "answered" }]);
    expect(code({ ...asked, builds: builds("failed") })).toBe("start");
  });
});

test("a public AMI that the newest build started from no longer triggers; one that an older build had does", () => {
  const asked = { reasons: reasons(rebased) };
  expect(decide({ ...asked, builds: [built({ base: ami(2) })] }).never).toMatchObject([{ code: "answered" }]);
  const since = [built({ base: ami(2) }), built({ base: ami(1), startedAt: minutesAgo(300) })];
  expect(code({ ...asked, builds: since })).toBe("start");
});

describe("The minimum interval", () => {
  const builds = [built({ startedAt: minutesAgo(20) })];

  test("is waited for, from start to start, and says until when", () => {
    expect(verdict({ builds })).toEqual({
      kind: "wait",
      code: "interval",
      reason: "the minimum interval between builds is not over",
      until: new Date(now.getTime() + 40 * 60_000),
    });
    expect(code({ builds: [built({ startedAt: minutesAgo(60) })] })).toBe("start");
  });

  test("does not apply to manual requests", () => {
    expect(code({ builds, reasons: reasons(patchDay, manual) })).toBe("start");
  });
});

describe("A blackout", () => {
  const blackout = { reason: "year-end freeze", until: new Date("2027-01-04T07:00:00Z") };

  test("delays triggers, with the reason and the end", () => {
    expect(verdict({ blackout })).toMatchObject({ code: "blackout", reason: "blackout: year-end freeze" });
    expect(verdict({ blackout })).toMatchObject({ until: blackout.until });
  });

  test("does not apply to manual requests", () => {
    expect(code({ blackout, reasons: reasons(manual) })).toBe("start");
  });
});

describe("The breaker", () => {
  const row = [failed(400), failed(300), failed(200)];

  test("opens after the failures that the config allows, and says how it closes", () => {
    expect(code({ builds: row.slice(1) })).toBe("start");
    expect(verdict({ builds: row })).toMatchObject({
      code: "breaker",
      reason: expect.stringMatching(
        /^the last 3 builds failed: automatic builds are stopped until a manual build succeeds/,
      ),
    });
  });

  test("counts failures in a row: neither those before a success, nor cancelled builds, nor one under way", () => {
    const success = built({ startedAt: minutesAgo(250) });
    expect(code({ builds: [...row, success] })).toBe("start");
    const passedOver = [
      built({ status: "cancelled", startedAt: minutesAgo(150) }),
      built({ status: "building", startedAt: minutesAgo(100) }),
    ];
    expect(code({ builds: [...row, ...passedOver] })).toBe("breaker");
  });

  test("allows requested builds, and closes when one succeeds", () => {
    expect(code({ builds: row, reasons: reasons(manual) })).toBe("start");
    expect(code({ builds: [...row, built({ startedAt: minutesAgo(100) })] })).toBe("start");
    expect(code({ builds: [...row, failed(100)], reasons: reasons(packages) })).toBe("breaker");
  });

  test("is closed by a change of the image, and stays closed when that is reverted", () => {
    expect(code({ builds: row, config: "changed" })).toBe("start");
    expect(code({ builds: [...row, failed(100, "changed")] })).toBe("start");
  });

  test("is closed by the success of a build that was started beside the factory", () => {
    const { config: _, ...stranger } = built({ startedAt: minutesAgo(100) });
    expect(code({ builds: [...row, stranger] })).toBe("start");
    expect(code({ builds: [...row, { ...stranger, status: "failed" }] })).toBe("breaker");
  });
});
