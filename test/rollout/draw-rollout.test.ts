import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { drawRollout, toShown } from "../../cli/rollout/draw-rollout.ts";
import { type RolloutRecord, rolloutRecord, type TargetRecord, targetRecord } from "../../core/rollout/records.ts";

const arn = (nth: number) => `arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.0/${nth}`;

const record = (changes: Partial<RolloutRecord> = {}): RolloutRecord =>
  rolloutRecord.parse({
    id: "20260401T080000000Z",
    kind: "normal",
    build: arn(2),
    previous: arn(1),
    amis: {},
    movedAt: "2026-04-01T08:00:00.000Z",
    steps: [
      {
        waves: ["canary"],
        first: true,
        bake: 1800,
        startedAt: "2026-04-01T08:00:00Z",
        endedAt: "2026-04-01T08:40:00Z",
      },
      { waves: ["canary"], first: false, bake: 1800, startedAt: "2026-04-01T08:40:00Z" },
      { waves: ["rest"], first: false, bake: 3600 },
    ],
    index: 1,
    state: "halted",
    why: "an alarm failed search (400000000001, eu-west-1): AWS rolled it back",
    startedAt: "2026-04-01T08:00:00Z",
    changedAt: "2026-04-01T09:30:00Z",
    revision: 4,
    ...changes,
  });

const target = (group: string, changes: Partial<TargetRecord> = {}): TargetRecord =>
  targetRecord.parse({
    account: "400000000001",
    region: "eu-west-1",
    group,
    wave: "canary",
    step: 1,
    how: { mode: "parameter", ring: "canary" },
    state: "done",
    endedAt: "2026-04-01T09:00:00Z",
    ...changes,
  });

const draw = (targets: readonly TargetRecord[], of = record()) =>
  drawRollout(toShown({ image: "base", channel: "stable" }, of, targets));

test("a roll-out shows how it stands and why, its steps, and its groups, those that failed first", () => {
  const failed = { state: "failed", why: "AWS rolled it back", endedAt: "2026-04-01T09:30:00Z" } as const;

  expect(draw([target("small", { step: 0 }), target("batch"), target("search", failed)])).toEqual([
    "base stable: roll-out of 1.0.0/2 HALTED, from 1.0.0/1",
    "  Why: an alarm failed search (400000000001, eu-west-1): AWS rolled it back",
    "  Started 2026-04-01 08:00 UTC, last change 2026-04-01 09:30 UTC",
    "",
    "  STEP  WAVES                 STATE    BAKE TIME  STARTED",
    "  1     canary (first group)  done     30m        2026-04-01 08:00 UTC",
    "  2     canary                halted   30m        2026-04-01 08:40 UTC",
    "  3     rest                  waiting  1h         -",
    "",
    "  ACCOUNT       REGION     GROUP   WAVE    MODE       STATE   SINCE",
    "  400000000001  eu-west-1  small   canary  parameter  done    2026-04-01 09:00 UTC",
    "  400000000001  eu-west-1  search  canary  parameter  failed  2026-04-01 09:30 UTC",
    "    AWS rolled it back",
    "  400000000001  eu-west-1  batch   canary  parameter  done    2026-04-01 09:00 UTC",
  ]);
});

test("of more than 40 groups those that are done are counted by wave; every other one is listed", () => {
  const many = Array.from({ length: 60 }, (_, n) => target(`web-${n}`));
  const held = target("late", { wave: "rest", step: 2, state: "held", why: "a change calendar is closed" });

  const drawn = draw([...many, held]);

  expect(drawn.slice(9)).toEqual([
    "  canary: 60 done",
    "  rest: 1 held",
    "",
    "  ACCOUNT       REGION     GROUP  WAVE  MODE       STATE  SINCE",
    "  400000000001  eu-west-1  late   rest  parameter  held   2026-04-01 09:00 UTC",
    "    a change calendar is closed",
  ]);
});

test("rows and reasons fit 100 columns; a name that is cut stands below, whole", () => {
  const why = "Access denied. ".repeat(40);
  const name = `${"web-".repeat(18)}1`;
  const wave = "a-rather-long-name-of-a-wave-of-groups";

  const drawn = draw([target(name, { state: "refreshing", why, wave, region: "ap-southeast-4" })], record({ why }));

  for (const line of drawn) expect(line.length).toBeLessThanOrEqual(100);
  expect(drawn).toContain(`    ${name}`);
});

const amint = (...args: string[]) =>
  promisify(execFile)(process.execPath, ["cli/command/amint.mjs", "rollout", ...args]).then(
    ({ stdout }) => ({ code: 0, stderr: `not refused: ${stdout}` }),
    ({ code, stderr }: { code: number; stderr: string }) => ({ code, stderr }),
  );

test.each([
  [["gone", "stable"], 1, /has no image "gone"; it has /],
  [["al2023-base", "gone"], 1, /has no channel "gone"; it has candidate, stable/],
  [["al2023-base", "candidate"], 1, /The channel candidate of al2023-base has no rollout in factory\.config\.ts/],
  [
    ["al2023-base", "stable", "--halt", "--resume"],
    64,
    /'--resume' cannot be used with option '--halt'|'--halt' cannot be used with option '--resume'/,
  ],
  [["al2023-base", "stable", "--plan", "--reason", "x"], 64, /cannot be used with option/],
  [["al2023-base"], 64, /missing required argument 'channel'/],
])("amint rollout %j is refused with what would be valid", async (args, code, said) => {
  const refused = await amint(...args);

  expect(refused).toEqual({ code, stderr: expect.stringMatching(said) });
});
