import { expect, test } from "vitest";
import { imageFingerprint } from "../../core/build/decide-start.ts";
import { explainTriggers, sayWhy } from "../../core/build/explain-triggers.ts";
import { mergeTriggers, toReasons } from "../../core/build/reasons.ts";
import { type ApplicableAdvisory, trigger as schema, type Trigger, trigger } from "../../events/build.ts";
import { parseAmiId, parseBuildArn } from "../../events/ids.ts";
import factory from "../../factory.config.ts";

const build = (n: number) => parseBuildArn(`arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.0/${n}`);
const advisory = (id: string, packages = 1) => ({
  id,
  severity: "important" as const,
  cves: ["CVE-2026-1"],
  packages: Array.from({ length: packages }, (_, n) => ({
    name: `package-${n}`,
    architecture: "x86_64",
    installed: "1.0-1",
    fixed: "1.0-2",
  })),
});
const packages = (advisories: ReturnType<typeof advisory>[], others: string[] = []): Trigger => ({
  kind: "packages",
  build: build(1),
  advisories,
  others,
});
const tokens = (trigger: Trigger) => toReasons("base", trigger, "event").map(({ token }) => token);

test("each advisory is a separate reason, with or without details", () => {
  const reasons = toReasons("base", packages([advisory("A"), advisory("B")], ["C"]), "event");

  expect(reasons.map(({ trigger }) => trigger)).toEqual([
    packages([advisory("A")]),
    packages([advisory("B")]),
    packages([], ["C"]),
  ]);
  expect(reasons[0]?.token).toBe(tokens(packages([], ["A"]))[0]);
  expect(new Set(tokens(packages([advisory("A"), advisory("B")], ["C"]))).size).toBe(3);
});

test("a public AMI that returns is a new reason", () => {
  const [x, y] = [parseAmiId("ami-00000001"), parseAmiId("ami-00000002")];
  const base = (from: typeof x, to: typeof x): Trigger => ({ kind: "base", name: "/aws/service/x", from, to });
  expect(tokens(base(x, y))).not.toEqual(tokens(base(y, x)));
});

test("reasons that start together list their advisories in one trigger, each once", () => {
  const manual: Trigger = { kind: "manual", requestedBy: "ada" };

  const merged = mergeTriggers([
    packages([advisory("A")]),
    manual,
    packages([], ["A", "C"]),
    packages([advisory("B")]),
  ]);

  expect(merged).toEqual([packages([advisory("A"), advisory("B")], ["C"]), manual]);
});

test.each([
  ["many advisories", Array.from({ length: 3000 }, (_, n) => packages([advisory(`A-${n}`)]))],
  ["large ones", Array.from({ length: 90 }, (_, n) => packages([advisory(`A-${n}`, 100)]))],
  [
    "many dates",
    Array.from({ length: 5000 }, (): Trigger => ({ kind: "schedule", scheduledTime: "2026-04-15T01:00:00Z" })),
  ],
])("what a build says about %s fits an event and the ledger, and no advisory's id is missing", (_, triggers) => {
  const merged = mergeTriggers(triggers);

  expect(JSON.stringify(merged).length).toBeLessThan(200_000);
  expect(merged.map((trigger) => schema.safeParse(trigger).error)).toEqual(merged.map(() => undefined));
  const ids = merged.flatMap((one) =>
    one.kind === "packages" ? [...one.advisories.map(({ id }) => id), ...one.others] : [],
  );
  expect(new Set(ids).size).toBe(triggers.filter(({ kind }) => kind === "packages").length);
});

test("an image's fingerprint changes with its config and with its recipe, and with nothing else", () => {
  const image = factory.images["al2023-base"]!;
  const recipe = (version: string) => `arn:aws:imagebuilder:eu-west-1:111122223333:image-recipe/acme-base/${version}`;
  const turned = Object.fromEntries(Object.entries(image).toReversed()) as typeof image;
  expect(imageFingerprint(turned, recipe("1.0.0"))).toBe(imageFingerprint(image, recipe("1.0.0")));
  const others = [
    imageFingerprint(image, recipe("1.0.1")),
    imageFingerprint({ ...image, instanceTypes: ["m7i.large"] }, recipe("1.0.0")),
  ];
  expect(others).not.toContain(imageFingerprint(image, recipe("1.0.0")));
});

const arn = (version: string, image = "al2023-base") =>
  parseBuildArn(`arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-${image}/${version}`);

const openAdvisory = (id: string, packagesOf: readonly string[], since?: string): ApplicableAdvisory => ({
  id,
  severity: "important",
  cves: ["CVE-2026-1001"],
  packages: packagesOf.map((name) => ({
    name,
    architecture: "x86_64",
    installed: "3.0.8-1",
    fixed: "3.0.8-4",
    ...(since && { since: arn(since) }),
  })),
});

const packagesOf = (advisories: ApplicableAdvisory[], others: string[] = []): Trigger => ({
  kind: "packages",
  build: arn("1.0.0/4"),
  advisories,
  others,
});

test("an advisory is explained with its severity, versions, and since when the image has the old one", () => {
  expect(sayWhy("al2023-base", [packagesOf([openAdvisory("ALAS2023-2026-1695", ["openssl"], "1.0.0/3")])])).toEqual([
    "Rebuilt because ALAS2023-2026-1695 (important): openssl 3.0.8-1 → 3.0.8-4, in al2023-base since 1.0.0/3",
  ]);
});

test("packages with different histories stand apart, and the same one for two architectures stands once", () => {
  const mixed = openAdvisory("ALAS2023-2026-1", ["openssl", "openssl-libs"], "1.0.0/3");
  const [first, second] = mixed.packages;
  const known = {
    ...mixed,
    packages: [first!, { ...first!, architecture: "i686" }, { ...second!, since: arn("1.0.0/4") }],
  };

  expect(explainTriggers("al2023-base", [packagesOf([known])])).toEqual([
    "ALAS2023-2026-1 (important): openssl 3.0.8-1 → 3.0.8-4, in al2023-base since 1.0.0/3; " +
      "openssl-libs 3.0.8-1 → 3.0.8-4, in al2023-base since 1.0.0/4",
  ]);
});

test("unknown facts are left out: a severity that the feed does not have, and since when", () => {
  const silent = {
    ...openAdvisory("noble-security/openssl/3.0.13-0ubuntu3.9", ["libssl3t64"]),
    severity: "unknown" as const,
  };

  expect(explainTriggers("ubuntu-2404-base", [packagesOf([silent])])).toEqual([
    "noble-security/openssl/3.0.13-0ubuntu3.9: libssl3t64 3.0.8-1 → 3.0.8-4",
  ]);
});

test("every kind of trigger has a sentence", () => {
  const triggers = [
    { kind: "schedule", scheduledTime: "2026-04-15T01:00:00Z" },
    {
      kind: "base",
      name: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
      from: parseAmiId("ami-0123456789abcdef0"),
      to: parseAmiId("ami-0123456789abcdef1"),
    },
    { kind: "parent", parent: "al2023-base", channel: "stable", parentBuild: arn("1.0.0/3") },
    { kind: "manual", requestedBy: "ada", principal: "arn:aws:iam::111122223333:user/ada", reason: "a new agent" },
    { kind: "manual", requestedBy: "grace" },
    packagesOf([openAdvisory("ALAS2023-2026-1", ["openssl"])]),
  ] satisfies Trigger[];

  const lines = sayWhy("al2023-web", triggers);

  expect(new Set(triggers.map(({ kind }) => kind)).size).toBe(trigger.options.length);
  expect(lines).toEqual([
    "Rebuilt because:",
    "  its schedule was due at 2026-04-15 01:00 UTC",
    "  /aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64 names ami-0123456789abcdef1 and no longer ami-0123456789abcdef0",
    "  its parent al2023-base has build 1.0.0/3 in stable",
    "  ada requested it: a new agent",
    "  grace (unverified) requested it",
    "  ALAS2023-2026-1 (important): openssl 3.0.8-1 → 3.0.8-4",
  ]);
});

test("further advisories are counted, and the first of them named", () => {
  const many = Array.from({ length: 9 }, (_, n) => openAdvisory(`ALAS2023-2026-${n + 1}`, ["openssl"]));

  const lines = explainTriggers("al2023-base", [packagesOf(many, ["ALAS2023-2026-90"])], 2);

  expect(lines).toHaveLength(3);
  expect(lines[2]).toBe(
    "8 further advisories: ALAS2023-2026-3, ALAS2023-2026-4, ALAS2023-2026-5, ALAS2023-2026-6, ALAS2023-2026-7, ...",
  );
  expect(explainTriggers("al2023-base", [packagesOf([], ["ALAS2023-2026-90"])])).toEqual([
    "1 advisory: ALAS2023-2026-90",
  ]);
});

test("no triggers, no sentence", () => {
  expect(sayWhy("al2023-base", [])).toEqual([]);
});
