import { expect, test } from "vitest";
import { checkStale, checkTriggers } from "../../core/factory/check-triggers.ts";
import { every, patchTuesday } from "../../core/factory/schedule-schema.ts";
import { staleAfter } from "../../core/monitoring/stale-after.ts";
import factory from "../../factory.config.ts";

const {
  "al2023-base": base,
  "ubuntu-2404-base": ubuntu,
  "al2023-web": web,
} = factory.images as Required<typeof factory.images>;
const updateLinux = { aws: "update-linux", parameters: {} };
const packages = { severity: "important", release: "latest" } as const;

/** The faults of one changed image. */
const faultsOf = (image: typeof base, changes: object) =>
  checkTriggers({ ...factory, images: { one: { ...image!, ...changes } } });

test("the example factory's triggers can all start something", () => {
  expect(checkTriggers(factory)).toEqual([]);
});

test("a base trigger needs a parent whose AMI a parameter names", () => {
  expect(faultsOf(web, { triggers: { ...web!.triggers, base: true } })).toEqual([
    'images.one.triggers.base: requires a parent { ssm: "/aws/service/..." } or { ami: { owner, name } }',
  ]);
});

test("a threshold above unknown is refused for archives without severities", () => {
  const changes = { triggers: { ...ubuntu!.triggers, packages } };

  expect(faultsOf(ubuntu, { os: "debian-12", ...changes })).toEqual([
    'images.one.triggers.packages.severity: expected "unknown", or also exploited: "always" or epss, because the archive of debian-12 has no severities; found "important"',
  ]);
  expect(faultsOf(ubuntu, changes)).toEqual([]);
});

test("a release is refused where there are none", () => {
  const pinned = { severity: "unknown", release: "2023.8.20260413" };

  expect(faultsOf(ubuntu, { triggers: { ...ubuntu!.triggers, packages: pinned } })).toEqual([
    'images.one.triggers.packages.release: valid only for al2023, al2023-minimal, al2023-ecs, al2023-eks; remove it, found "2023.8.20260413"',
  ]);
});

test("on Amazon Linux 2023 advisories need the component that takes a newer release", () => {
  expect(faultsOf(base, { components: [updateLinux] })).toEqual([
    expect.stringMatching(
      /^images\.one\.components: expected to contain "amint:update-al2023", .* dnf stays at the release/,
    ),
  ]);
  expect(
    faultsOf(base, {
      urgent: undefined,
      components: [updateLinux],
      triggers: { ...base!.triggers, packages: undefined },
    }),
  ).toEqual([]);
});

test("on Windows advisories need the component that installs updates", () => {
  const changes = { os: "windows-2022", components: [updateLinux], triggers: { ...base!.triggers, packages } };

  expect(faultsOf(base, changes)).toContain(
    'images.one.components: expected to contain "aws:update-windows", because of triggers.packages: without it a rebuild installs no fix',
  );
  const updated = faultsOf(base, { ...changes, components: [{ aws: "update-windows", parameters: {} }] });
  expect(updated.filter((fault) => fault.startsWith("images.one.components"))).toEqual([]);
});

test("a waiver for an unknown image is refused, and the images are listed", () => {
  const waiver = { finding: "CVE-2026-1", image: "al2023-bsae", owner: "ada", reason: "not used", until: "2026-05-01" };

  const known = ["*", ...Object.keys(factory.images)].map((name) => `"${name}"`).join(", ");
  expect(checkTriggers({ ...factory, waivers: [waiver, { ...waiver, image: "*" }] })).toEqual([
    `waivers[0].image: expected one of ${known}, found "al2023-bsae"`,
  ]);
});

const DAY = 86_400;
const scheduled = factory.images["al2023-base"]!;
const follower = factory.images["al2023-web"]!;
const quarterly = every("cron(0 3 1 */3 ? *)");

const withTriggers = (triggers: object) => ({
  "al2023-base": { ...scheduled, triggers: { ...scheduled.triggers, ...triggers } },
  "al2023-web": follower,
});
const staleFaults = (triggers: object) => checkStale({ ...factory, images: withTriggers(triggers) });

test("an alarm that would fire between two patch nights is refused with a valid value", () => {
  expect(staleFaults({ staleAfter: 30 * DAY })).toEqual([
    'images.al2023-base.triggers.staleAfter: expected at least "36d", the longest time between two dates of the schedule and the soaks together; found "30d"',
  ]);
  expect(staleFaults({ staleAfter: 36 * DAY })).toEqual([]);
});

test("an alarm on an image that no schedule rebuilds is refused, since it may rightly be old", () => {
  expect(staleFaults({ schedule: undefined, staleAfter: 40 * DAY })).toEqual([
    "images.al2023-base.triggers.staleAfter: requires a schedule: the image's own, or its parent's with triggers.parent: true",
  ]);
});

test("images that are each other's parents have no schedule, and are refused elsewhere", () => {
  const parent = { image: "al2023-web", channel: "stable" };
  const { schedule: _, ...triggers } = { ...scheduled.triggers, parent: true, staleAfter: 40 * DAY };

  const images = { "al2023-base": { ...scheduled, parent, triggers }, "al2023-web": follower };

  expect(checkStale({ ...factory, images })).toHaveLength(1);
});

test("forty days are the limit unless the schedule is slower, or the config says another one", () => {
  const limits = [
    {},
    { staleAfter: 50 * DAY },
    { schedule: quarterly },
    { schedule: patchTuesday({ plusDays: 1, at: "03:00", timezone: "Europe/Zurich" }) },
    { schedule: undefined },
  ].map((triggers) => (staleAfter(withTriggers(triggers), "al2023-base") ?? 0) / DAY);

  // A quarter of 92 days, a day of soak, and four for approval.
  expect(limits).toEqual([40, 50, 97, 40, 0]);
});

test("an image that follows its parent's promotions is as old as that one, and its own soaks", () => {
  const limit = staleAfter(withTriggers({ schedule: quarterly }), "al2023-web");

  expect((limit ?? 0) / DAY).toBe(98);
});
