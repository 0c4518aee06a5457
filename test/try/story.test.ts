import { expect, test } from "vitest";
import { EventFold } from "../../cli/try/fold-events.ts";
import { drawStoryLine } from "../../cli/try/story-line.ts";
import { chaptersOf } from "../../local/story/chapters.ts";

const buildOf = (number: number, image = "base") =>
  `arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-${image}/1.2.3/${number}`;

const at = (time: string, detailType: string, detail: object) => ({
  time: `2026-04-${time}:00Z`,
  detailType,
  detail: { image: "base", build: buildOf(1), ...detail },
});

/** Each unwrapped, without its day. */
const linesOf = (...events: ReturnType<typeof at>[]): string[] => {
  const fold = new EventFold(() => ["candidate", "stable"]);
  return [...events.flatMap((event) => fold.push(event)), ...fold.end()].map((line) => {
    const [first = "", ...more] = drawStoryLine(line, 8);
    return [first.slice("Wed 01 Apr ".length), ...more.map((one) => one.trim())].join(" ");
  });
};

const inRegions = (time: string, detailType: string, channel: string) =>
  ["eu-west-1", "us-east-1"].map((region) => at(time, detailType, { channel, region }));

const entered = (time: string, channel: string) => [
  ...inRegions(time, "image.shared", channel),
  ...inRegions(time, "share.verified", channel),
  at(time, "channel.moved", { channel }),
];

test("a promotion through all channels is one line, with its approval and regions", () => {
  const asked = { channel: "stable", approvers: ["ada"], required: 1 };
  const answers = [{ person: "ada", verdict: "approved", via: "slack" }];

  const lines = linesOf(
    at("01T08:41", "build.available", { amiId: "ami-0123456789abcdef0" }),
    at("01T08:41", "gate.passed", { reasons: [] }),
    ...entered("01T08:54", "candidate"),
    at("02T08:54", "approval.requested", asked),
    at("03T08:54", "approval.requested", { ...asked, reminder: true }),
    at("03T15:00", "approval.granted", { channel: "stable", answers }),
    ...entered("03T15:00", "stable"),
  );

  expect(lines).toEqual(["15:00  base /1   → candidate → stable: ada approved, verified in 2 regions"]);
});

test("a promotion that ends early says which channels the build entered", () => {
  expect(
    linesOf(
      ...entered("01T08:54", "candidate"),
      at("02T08:54", "promotion.superseded", { channel: "stable", by: buildOf(2) }),
    ),
  ).toEqual(["08:54  base /1   → candidate, not stable: superseded by the newer build /2"]);
});

test("at the end of the story, what is not over has its line", () => {
  expect(
    linesOf(
      ...entered("01T08:54", "candidate"),
      at("02T08:54", "approval.requested", { channel: "stable" }),
      at("02T09:00", "channel.moved", { image: "web", build: buildOf(3, "web"), channel: "candidate" }),
    ),
  ).toEqual(["08:54  base /1   → candidate, waits for an approval for stable", "09:00  web /3    → candidate"]);
});

test("regions that are shared and not verified, or behind, are counted apart", () => {
  expect(
    linesOf(
      ...inRegions("01T08:54", "image.shared", "stable"),
      at("01T08:54", "share.verified", { channel: "stable", region: "eu-west-1" }),
      at("01T08:55", "channel.moved", { channel: "stable", behind: [{ region: "us-east-1", why: "its copy failed" }] }),
    ),
  ).toEqual(["08:55  base /1   → stable: shared in 2 regions, verified in 1, us-east-1 behind: its copy failed"]);
});

test("a failed verification explains its promotion's failure; a failure without one has its cause", () => {
  const cause = `${buildOf(1)} does not enter candidate`;
  const why = { account: "200000000001", region: "us-east-1", missing: "kms:DescribeKey denied" };

  expect(
    linesOf(
      at("01T08:54", "share.failed", { channel: "candidate", ...why }),
      at("01T08:55", "promotion.failed", { error: "TooFewRegions", cause }),
      at("01T09:00", "promotion.failed", { error: "TooFewRegions", cause }),
    ),
  ).toEqual([
    "08:54  base /1   candidate not verified: 200000000001 in us-east-1: kms:DescribeKey denied",
    "08:55  base /1   promotion failed: no channel moved",
    "09:00  base /1   promotion failed: TooFewRegions: image/acme-base/1.2.3/1 does not enter candidate",
  ]);
});

test("a revocation includes the channels that it moves back; a rollback has a line", () => {
  const back = { build: buildOf(1), because: "ada revoked it: broken" };
  const revoked = { by: "ada", reason: "broken", withdrawn: [{ amiId: "ami-1" }], left: [] };
  const channels = [
    { channel: "candidate", to: buildOf(1) },
    { channel: "stable", to: buildOf(1) },
  ];

  expect(
    linesOf(
      at("01T08:00", "channel.moved", { channel: "stable", build: buildOf(1), because: "ada went back: errors" }),
      at("01T09:00", "channel.moved", { channel: "candidate", ...back }),
      at("01T09:00", "channel.moved", { channel: "stable", ...back }),
      at("01T09:00", "build.revoked", { build: buildOf(2), ...revoked, channels }),
      at("01T09:00", "build.revoked", {
        ...{ image: "web", build: buildOf(7, "web") },
        ...{ ...revoked, because: buildOf(2), channels: [{ channel: "stable" }] },
      }),
    ),
  ).toEqual([
    "08:00  base      stable back at /1: ada went back: errors",
    "09:00  base /2   revoked by ada: broken; candidate and stable back at /1; 1 AMI disabled",
    "09:00  web /7    revoked with base /2: stable empty; 1 AMI disabled",
  ]);
});

test("ignored triggers of a moment are one line, and so are equal starts of a minute", () => {
  const advisory = (id: string, severity: string) => ({
    triggers: [{ kind: "packages", advisories: [{ id, severity, packages: [] }], others: [] }],
  });
  const ignored = (image: string, id: string, severity: string, reason: string) =>
    at("01T08:00", "trigger.suppressed", {
      ...{ image, build: undefined, decision: "never", reason },
      ...advisory(id, severity),
    });
  const triggers = [{ kind: "schedule", scheduledTime: "2026-04-01T09:00:00Z" }];

  expect(
    linesOf(
      ignored("base", "A-1", "low", "low is below the image's threshold important"),
      ignored("web", "A-1", "low", "comes with its parent base"),
      at("01T09:00", "build.started", { triggers }),
      at("01T09:00", "build.started", { image: "node", build: buildOf(4, "node"), triggers }),
      at("01T09:01", "build.started", { image: "web", build: buildOf(4, "web"), triggers }),
    ),
  ).toEqual([
    "08:00  2 images  ignored: A-1 (low): below the threshold important; comes with its parent base",
    "09:00  2 images  started: its schedule",
    "09:01  web /4    started: its schedule",
  ]);
});

test("a trigger that waits has a line with its reason, and ARNs are printed without account and region", () => {
  const requestedBy = "arn:aws:sts::111122223333:assumed-role/Platform/linus@example.com";

  expect(
    linesOf(
      at("01T08:00", "trigger.suppressed", {
        ...{ build: undefined, decision: "waits", reason: "build 1.2.3/4 is under way" },
        triggers: [{ kind: "manual", requestedBy }],
      }),
    ),
  ).toEqual(["08:00  base      waits: build 1.2.3/4 is under way; requested by Platform/linus@example.com"]);
});

test("a name of forty characters pushes its text to the right or to the next line", () => {
  const image = "a-name-of-forty-characters-which-is-long";
  const line = {
    ...{ time: "2026-04-01T08:00:00Z", image, build: "/12", label: "started" },
    text: "requested by Platform/release-manager@example.com",
    tone: "cyan" as const,
  };

  expect(drawStoryLine(line, 27)).toEqual([
    `Wed 01 Apr 08:00  ${image} /12  started: requested by`,
    `${" ".repeat(47)}Platform/release-manager@example.com`,
  ]);
});

test("what follows within a day and is of one kind shares a chapter; every other thing has its own", () => {
  const hour = 3_600_000;
  const advisory = { id: "A-1", severity: "low", cves: [] } as const;
  const published = { os: "al2023", advisory, fixes: { name: "openssl", source: "openssl", version: "2" } } as const;

  const chapters = chaptersOf({
    events: [
      { kind: "first-build", image: "a", at: 0 },
      { kind: "first-build", image: "b", at: 0 },
      { kind: "advisory", image: "a", at: hour, ...published },
      { kind: "rollback", image: "a", channel: "stable", at: 2 * hour },
      { kind: "rollback", image: "b", channel: "stable", at: 30 * hour },
    ],
  });

  expect(chapters.map(({ at: begin, title }) => [begin / hour, title])).toEqual([
    [0, "First builds"],
    [1, "An advisory"],
    [2, "A rollback"],
    [30, "A rollback"],
  ]);
  expect(chapters[0]?.watch).toContain("a and b");
  expect(chapters[1]?.watch).toContain("A-1 (low) fixes openssl");
});
