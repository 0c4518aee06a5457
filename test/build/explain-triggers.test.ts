import { expect, test } from "vitest";
import { explainTriggers, sayWhy } from "../../core/build/explain-triggers.ts";
import { type ApplicableAdvisory, type Trigger, trigger } from "../../events/build.ts";
import { parseAmiId, parseBuildArn } from "../../events/ids.ts";

const arn = (version: string, image = "al2023-base") =>
  parseBuildArn(`arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-${image}/${version}`);

const advisory = (id: string, packages: readonly string[], since?: string): ApplicableAdvisory => ({
  id,
  severity: "important",
  cves: ["CVE-2026-1001"],
  packages: packages.map((name) => ({
    name,
    architecture: "x86_64",
    installed: "3.0.8-1",
    fixed: "3.0.8-4",
    ...(since && { since: arn(since) }),
  })),
});

const packages = (advisories: ApplicableAdvisory[], others: string[] = []): Trigger => ({
  kind: "packages",
  build: arn("1.0.0/4"),
  advisories,
  others,
});

test("an advisory is explained with its severity, versions, and since when the image has the old one", () => {
  expect(sayWhy("al2023-base", [packages([advisory("ALAS2023-2026-1695", ["openssl"], "1.0.0/3")])])).toEqual([
    "Rebuilt because ALAS2023-2026-1695 (important): openssl 3.0.8-1 → 3.0.8-4, in al2023-base since 1.0.0/3",
  ]);
});

test("packages with different histories stand apart, and the same one for two architectures stands once", () => {
  const mixed = advisory("ALAS2023-2026-1", ["openssl", "openssl-libs"], "1.0.0/3");
  const [first, second] = mixed.packages;
  const known = {
    ...mixed,
    packages: [first!, { ...first!, architecture: "i686" }, { ...second!, since: arn("1.0.0/4") }],
  };

  expect(explainTriggers("al2023-base", [packages([known])])).toEqual([
    "ALAS2023-2026-1 (important): openssl 3.0.8-1 → 3.0.8-4, in al2023-base since 1.0.0/3; " +
      "openssl-libs 3.0.8-1 → 3.0.8-4, in al2023-base since 1.0.0/4",
  ]);
});

test("unknown facts are left out: a severity that the feed does not have, and since when", () => {
  const silent = {
    ...advisory("noble-security/openssl/3.0.13-0ubuntu3.9", ["libssl3t64"]),
    severity: "unknown" as const,
  };

  expect(explainTriggers("ubuntu-2404-base", [packages([silent])])).toEqual([
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
    packages([advisory("ALAS2023-2026-1", ["openssl"])]),
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
  const many = Array.from({ length: 9 }, (_, n) => advisory(`ALAS2023-2026-${n + 1}`, ["openssl"]));

  const lines = explainTriggers("al2023-base", [packages(many, ["ALAS2023-2026-90"])], 2);

  expect(lines).toHaveLength(3);
  expect(lines[2]).toBe(
    "8 further advisories: ALAS2023-2026-3, ALAS2023-2026-4, ALAS2023-2026-5, ALAS2023-2026-6, ALAS2023-2026-7, ...",
  );
  expect(explainTriggers("al2023-base", [packages([], ["ALAS2023-2026-90"])])).toEqual([
    "1 advisory: ALAS2023-2026-90",
  ]);
});

test("no triggers, no sentence", () => {
  expect(sayWhy("al2023-base", [])).toEqual([]);
});
