import { expect, test } from "vitest";
import { imageFingerprint } from "../../core/build/decide-start.ts";
import { mergeTriggers, toReasons } from "../../core/build/reasons.ts";
import { trigger as schema, type Trigger } from "../../events/build.ts";
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
