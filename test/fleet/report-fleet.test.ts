import { expect, test } from "vitest";
import type { FleetBuild, FleetPlace } from "../../core/fleet/facts.ts";
import { describeFleetReported } from "../../core/fleet/notice.ts";
import { decideFleetNotice, noticeMonth, reportFleet } from "../../core/fleet/report-fleet.ts";
import { fleetReported } from "../../events/fleet.ts";
import { parseAmiId, parseBuildArn } from "../../events/ids.ts";

const ADA = "200000000001";
const LINUS = "200000000003";
const month = "2026-05";
const asOf = "2026-05-01T08:00:00.000Z";

const arn = (image: string, version: string) =>
  parseBuildArn(`arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-${image}/${version}`);
const place = (region: string, known: FleetPlace["known"]): FleetPlace => ({
  region,
  amiId: parseAmiId("ami-0123456789abcdef0"),
  known,
});
const reported = (...uses: [account: string, instances: number, launchTemplates?: number][]): FleetPlace["known"] => ({
  state: "reported",
  asOf,
  uses: uses.map(([account, instances, launchTemplates = 0]) => ({ account, instances, launchTemplates })),
});
const build = (image: string, version: string, startedAt: string, places: FleetPlace[]): FleetBuild => ({
  image,
  build: arn(image, version),
  startedAt,
  places,
});

test("each image's notice shows who runs it, how old it is, and who still runs revoked builds", () => {
  const old = build("base", "1.0.0/1", "2026-04-01T08:00:00Z", [
    place("eu-west-1", reported([ADA, 2])),
    place("us-east-1", reported([ADA, 1], [LINUS, 4, 1])),
  ]);
  const newer = build("base", "1.0.1/1", "2026-04-21T08:00:00Z", [place("eu-west-1", reported([LINUS, 5]))]);
  const web = build("web", "1.0.0/1", "2026-04-21T08:00:00Z", [place("eu-west-1", reported())]);
  const revoked = { at: "2026-04-22T08:00:00Z", reason: "a key was left in it" };

  const told = reportFleet([{ ...old, revoked }, newer, web], [], { month, refused: [] });

  expect(told.map((one) => fleetReported.detail.parse(one))).toEqual(told);
  expect(told.map(describeFleetReported)).toMatchObject([
    {
      title: "base: 12 instances, 1 launch template in 2 accounts",
      lines: [
        "Age of running builds in days: median 30, 90th percentile 30, oldest 30",
        "Deprecated or revoked, but still in use:",
        "  1.0.0/1 REVOKED: 200000000003 has 4 instances, 1 launch template; 200000000001 has 3 instances",
        "Source: EC2 usage reports on 2026-05-01; instances of the last day may be missing.",
        "Monthly report for 2026-05.",
      ],
      attributes: { event: "fleet.reported", image: "base" },
      nextSteps: ["amint fleet --image base"],
    },
    { title: "web: 0 instances in 0 accounts" },
  ]);
});

test("an image's notice says that the support of its operating system has ended", () => {
  const old = build("base", "1.0.0/1", "2026-04-01T08:00:00Z", [place("eu-west-1", reported([ADA, 2]))]);
  const text = "standard support of al2 ended on 2026-06-30";
  const supportEnded = (image: string) => (image === "base" ? { system: "al2", on: "2026-06-30", text } : undefined);

  const told = reportFleet([old, { ...old, image: "web" }], [], { month, refused: [], supportEnded });

  expect(told.map((one) => fleetReported.detail.parse(one).supportEnded?.on)).toEqual(["2026-06-30", undefined]);
  expect(told.map((one) => describeFleetReported(one).lines.filter((line) => line.startsWith("SUPPORT")))).toEqual([
    [`SUPPORT ENDED: ${text}`],
    [],
  ]);
});

test("what EC2 did not report is shown as unknown, with EC2's error if it returned one, and never as unused", () => {
  const unknown = (why: string): FleetPlace["known"] => ({ state: "unknown", why });
  const base = build("base", "1.0.0/1", "2026-04-01T08:00:00Z", [
    place("eu-west-1", unknown("EC2 prepares a report since 2026-05-01")),
    place("us-east-1", unknown("EC2 was never asked")),
  ]);
  const web = build("web", "1.0.0/1", "2026-04-01T08:00:00Z", [
    place("eu-west-1", reported([ADA, 2])),
    place("us-east-1", unknown("EC2 was never asked")),
  ]);
  const refused = [{ build: base.build, region: "us-east-1", why: "UnauthorizedOperation: no" }];

  const [ofBase, ofWeb] = reportFleet([base, web], [], { month, refused });

  expect(ofBase).toMatchObject({ reported: 0, unwanted: [] });
  expect(ofBase && describeFleetReported(ofBase)).toMatchObject({
    title: "base: usage unknown",
    lines: [
      "UNKNOWN for 1 AMI in eu-west-1: EC2 prepares a report since 2026-05-01",
      "UNKNOWN for 1 AMI in us-east-1: UnauthorizedOperation: no",
      "Monthly report for 2026-05.",
    ],
  });
  expect(ofWeb && describeFleetReported(ofWeb)).toMatchObject({
    title: "web: 2 instances in 1 account, data incomplete",
    lines: expect.arrayContaining(["UNKNOWN for 1 AMI in us-east-1: EC2 was never asked"]),
  });
});

test("a fleet of any size fits an event, and says how much more there was", () => {
  const accounts = Array.from({ length: 300 }, (_, n): [string, number] => [String(200_000_000_000 + n), n + 1]);
  const revoked = { at: asOf, reason: "all of them" };
  const builds = Array.from({ length: 40 }, (_, n) => ({
    ...build("base", `1.0.${n}/1`, "2026-04-01T08:00:00Z", [
      place("eu-west-1", reported(...accounts)),
      place(`eu-west-${n + 2}`, { state: "unknown", why: "x".repeat(5_000) }),
    ]),
    revoked,
  }));

  const [told] = reportFleet(builds, [], { month, refused: [] });

  expect(Buffer.byteLength(JSON.stringify(told))).toBeLessThan(200_000);
  expect(told).toMatchObject({ accounts: 300, moreUnwanted: 20, moreUnknown: 20 });
  expect(told?.unwanted[0]).toMatchObject({ more: 250, users: { 0: { account: "200000000299", instances: 300 } } });
});

const at = (text: string) => new Date(text);
const waitSeconds = 3 * 86_400;

test("a month's notice is due from its day on, and until the next month's", () => {
  const months = [
    noticeMonth(at("2026-05-01T00:00:00Z"), 1),
    noticeMonth(at("2026-05-14T23:59:59Z"), 15),
    noticeMonth(at("2026-05-15T00:00:00Z"), 15),
    noticeMonth(at("2026-01-03T00:00:00Z"), 28),
    noticeMonth(at("2026-03-31T12:00:00Z"), 28),
  ];

  expect(months).toEqual(["2026-05", "2026-04", "2026-05", "2025-12", "2026-03"]);
});

test("EC2 is asked first, its reports are awaited, and missing ones are reported as unknown", () => {
  const told = { askedAt: "2026-05-01T08:00:00.000Z", done: false };

  const steps = [
    decideFleetNotice(undefined, { now: at("2026-05-01T08:00:00Z"), waitSeconds }),
    decideFleetNotice(told, { now: at("2026-05-04T07:59:59Z"), waitSeconds }),
    decideFleetNotice(told, { now: at("2026-05-04T08:00:00Z"), waitSeconds }),
    decideFleetNotice({ ...told, done: true }, { now: at("2026-05-04T08:00:00Z"), waitSeconds }),
  ];

  expect(steps).toEqual([
    { kind: "ask" },
    { kind: "look", patient: true },
    { kind: "look", patient: false },
    { kind: "nothing" },
  ]);
});
