import { describe, expect, test } from "vitest";
import { addSince, decideAnnouncement, type JudgedAdvisory } from "../../core/advisories/announcement.ts";
import { decideBase, readReleaseNotice, updateTopic } from "../../core/advisories/bases.ts";
import { decideNewest, type FoundAmi, patternOf } from "../../core/advisories/newest-ami.ts";
import { parseAmiId, parseBuildArn } from "../../events/ids.ts";

const build = (n: number) => parseBuildArn(`arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.0/${n}`);

const dated = (n: number) => ({ build: build(n), startedAt: `2026-04-0${n}T08:00:00Z` });

const advisory = (id: string) => ({
  id,
  severity: "important" as const,
  cves: [],
  packages: [{ name: "openssl", architecture: "x86_64", installed: "1-1", fixed: "1-2" }],
});

const judged = (id: string, rest: Partial<JudgedAdvisory> = {}): JudgedAdvisory => ({
  advisory: advisory(id),
  started: undefined,
  settled: false,
  ...rest,
});

const situation = { promoted: dated(3), building: false, underWay: new Set<string>() };

const ids = (some: readonly { id: string }[]) => some.map(({ id }) => id);

describe("an advisory that applies to the promoted build", () => {
  test("is announced until it is answered", () => {
    const { announce, unfixed } = decideAnnouncement({ ...situation, advisories: [judged("A")] });

    expect(ids(announce)).toEqual(["A"]);
    expect(unfixed).toEqual([]);
  });

  test("is not announced again once it waits or is permanently ignored", () => {
    const advisories = [judged("A", { settled: true }), judged("B", { settled: true, started: dated(2) })];

    expect(decideAnnouncement({ ...situation, advisories })).toEqual({ announce: [], unfixed: [] });
  });

  test("is not announced while the image is being built, nor if a later build has the fix", () => {
    const advisories = [judged("A"), judged("B")];

    expect(decideAnnouncement({ ...situation, advisories, building: true }).announce).toEqual([]);
    expect(ids(decideAnnouncement({ ...situation, advisories, underWay: new Set(["A"]) }).announce)).toEqual(["B"]);
  });

  test("is not announced again while its own build is not promoted yet, or failed", () => {
    const advisories = [judged("A", { started: dated(4) })];

    expect(decideAnnouncement({ ...situation, advisories })).toEqual({ announce: [], unfixed: [] });
  });

  test.each([
    ["its own build", 3],
    ["a build after its own", 2],
  ])("is unfixed where %s is promoted and has it still", (_, n) => {
    const advisories = [judged("A", { started: dated(n) })];

    const { announce, unfixed } = decideAnnouncement({ ...situation, advisories });

    expect(announce).toEqual([]);
    expect(unfixed).toMatchObject([{ advisory: { id: "A" }, started: { build: build(n) } }]);
  });
});

describe("the time since which a package is installed", () => {
  const promoted = (n: number, version: string) => ({
    build: build(n),
    packages: new Map([["openssl", [{ name: "openssl", architecture: "x86_64", version }]]]),
  });

  test.each([
    ["the oldest build in a row that has it", [promoted(3, "1-1"), promoted(2, "1-1"), promoted(1, "1-0")], 2],
    ["the oldest known one", [promoted(3, "1-1"), promoted(2, "1-1")], 2],
    ["not a build from before it was away", [promoted(3, "1-1"), promoted(2, "1-0"), promoted(1, "1-1")], 3],
  ])("is %s", (_, history, expected) => {
    expect(addSince([advisory("A")], history)[0]?.packages[0]?.since).toBe(build(expected));
  });

  test("is unknown without information about the builds", () => {
    expect(addSince([advisory("A")], [])[0]?.packages[0]).not.toHaveProperty("since");
    expect(addSince([advisory("A")], [promoted(3, "1-2")])[0]?.packages[0]).not.toHaveProperty("since");
  });
});

describe("a public AMI", () => {
  const [old, now] = [parseAmiId("ami-00000001"), parseAmiId("ami-00000002")];
  const builds = [
    { startedAt: "2026-04-03T08:00:00Z", base: old },
    { startedAt: "2026-04-01T08:00:00Z", base: now },
    { startedAt: "2026-04-04T08:00:00Z" },
  ];

  test("is replaced if the newest build with a known parent AMI started from another one", () => {
    expect(decideBase("/aws/service/x", now, builds)).toEqual({
      kind: "base",
      name: "/aws/service/x",
      from: old,
      to: now,
    });
    expect(decideBase("/aws/service/x", old, builds)).toBeUndefined();
  });

  test("does not rebuild an image that was never built", () => {
    expect(decideBase("/aws/service/x", now, [])).toBeUndefined();
    expect(decideBase("/aws/service/x", now, builds.slice(2))).toBeUndefined();
  });
});

test.each([
  [
    "aws",
    "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
    /137112412989:amazon-linux-2023-ami-updates$/,
  ],
  ["aws", "/aws/service/ami-amazon-linux-latest/amzn2-ami-hvm-x86_64-gp2", /137112412989:amazon-linux-2-ami-updates$/],
  [
    "aws",
    "/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base",
    /801119661308:ec2-windows-ami-update$/,
  ],
])("in %s, %s has a topic", (partition, parameter, topic) => {
  expect(updateTopic(partition, parameter)).toMatch(topic);
});

test("Canonical has no topic, and other partitions have others", () => {
  expect(updateTopic("aws", "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id")).toBe(
    undefined,
  );
  expect(updateTopic("aws-cn", "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64")).toBe(
    undefined,
  );
});

test("the known parts of an AMI-update topic's message are read", () => {
  // In the one shape that subscribers have shown, of Amazon Linux 1 in 2017; the values are examples.
  const known = {
    v1: { ReleaseVersion: "2017.09", ImageVersion: "2017.09.1.20180108", ReleaseNotes: "x", Regions: {} },
  };

  expect(readReleaseNotice(JSON.stringify(known))).toBe("2017.09");
  for (const strange of ["", "New Windows AMIs", "{}", '{"v1":[]}', '{"v1":{"ReleaseVersion":7}}', "null"]) {
    expect(readReleaseNotice(strange)).toBeUndefined();
  }
});

const DEBIAN = "136693071363";
const ACCOUNT = "111122223333";
const wanted = { owner: DEBIAN, name: "debian-12-amd64-*", architecture: "x86_64" };
const about = { account: ACCOUNT, now: new Date("2026-04-20T00:00:00Z") };

const idOf = (day: number) => parseAmiId(`ami-${String(day).padStart(17, "0")}`);

const ami = (day: number, changes: Partial<FoundAmi> = {}): FoundAmi => ({
  id: idOf(day),
  name: `debian-12-amd64-202604${String(day).padStart(2, "0")}`,
  ownerId: DEBIAN,
  ownerAlias: "amazon",
  architecture: "x86_64",
  state: "available",
  createdAt: new Date(Date.UTC(2026, 3, day)),
  deprecatedAt: undefined,
  ...changes,
});

const resolvedTo = (day: number, pattern = patternOf(wanted)) => ({
  pattern,
  ami: idOf(day),
  createdAt: new Date(Date.UTC(2026, 3, day)).toISOString(),
});

const newestOf = (found: readonly FoundAmi[], changes: object = {}) => {
  const decision = decideNewest({ ...wanted, ...changes }, found, undefined, about);
  return decision.kind === "found" ? decision.ami.id : decision.code;
};

test("the owner's newest AMI is chosen, whatever the order of EC2's answer", () => {
  expect(newestOf([ami(3), ami(7), ami(5)])).toBe(idOf(7));
});

test.each([
  ["of another owner with the same name", { ownerId: "999900001111", ownerAlias: undefined }],
  ["of another owner that calls itself amazon", { ownerId: "999900001111" }],
  ["of another architecture", { architecture: "arm64" }],
  ["that is not available", { state: "disabled" }],
  ["that is deprecated", { deprecatedAt: new Date("2026-04-19T00:00:00Z") }],
])("a newer AMI %s is not taken", (_, changes) => {
  expect(newestOf([ami(3), ami(9, changes)])).toBe(idOf(3));
  expect(newestOf([ami(9, changes)])).toBe("none");
});

test("an AMI with a future deprecation date is chosen", () => {
  expect(newestOf([ami(9, { deprecatedAt: new Date("2028-04-01T00:00:00Z") })])).toBe(idOf(9));
});

test("amazon matches EC2's owner alias, and self the factory's account", () => {
  const foreign = ami(9, { ownerId: "999900001111", ownerAlias: undefined });
  const own = ami(5, { ownerId: ACCOUNT, ownerAlias: undefined });

  expect(newestOf([ami(3), foreign, own], { owner: "amazon" })).toBe(idOf(3));
  expect(newestOf([ami(3), foreign, own], { owner: "self" })).toBe(idOf(5));
});

test("no older AMI replaces a deprecated or removed one, and the error names the newest that is left", () => {
  const decision = decideNewest(wanted, [ami(3), ami(5)], resolvedTo(7), about);

  expect(decision).toEqual({
    kind: "unresolved",
    code: "withdrawn",
    reason: `${idOf(7)} of 2026-04-07T00:00:00.000Z is no longer available, or is deprecated; the newest remaining AMI, ${idOf(5)} (debian-12-amd64-20260405), is older`,
  });
  expect(decideNewest(wanted, [ami(3), ami(8)], resolvedTo(7), about)).toMatchObject({ ami: { id: idOf(8) } });
});

test("another pattern may select an older AMI", () => {
  const former = patternOf({ ...wanted, name: "debian-13-amd64-*" });

  expect(decideNewest(wanted, [ami(3)], resolvedTo(7, former), about)).toMatchObject({ ami: { id: idOf(3) } });
});

test("between two AMIs of the same time the choice is stable", () => {
  const twins = [ami(7, { id: idOf(1) }), ami(7, { id: idOf(2) })];

  expect(newestOf(twins)).toBe(newestOf(twins.toReversed()));
});
