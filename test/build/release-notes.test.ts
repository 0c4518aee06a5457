import fc from "fast-check";
import { expect, test } from "vitest";
import { drawNotes, summariseNotes } from "../../core/build/draw-notes.ts";
import { composeNotes, type NotedBuild, type ReleaseNotes, releaseNotes } from "../../core/build/release-notes.ts";
import type { CisResult } from "../../core/evidence/cis.ts";
import type { Finding } from "../../core/evidence/evidence.ts";
import { parseBuildArn } from "../../events/ids.ts";
import { hostile } from "../notice/hostile-values.ts";

const arn = (nth: number) => parseBuildArn(`arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.0/${nth}`);
const installed = (name: string, version: string) => ({ name, version, release: "1.amzn2023", architecture: "x86_64" });
const finding = (id: string, severity: string): Finding => ({
  id,
  severity,
  packages: ["openssl 3.0.8"],
  fixable: true,
});
const cis = (failed: readonly string[], more: Partial<CisResult> = {}): CisResult => ({
  by: "openscap",
  profile: "level1",
  benchmark: "AL2023",
  endedAt: "2026-04-01T08:00:00.000Z",
  checks: 10,
  failed: failed.map((rule) => ({ rule, title: `Ensure ${rule}`, result: "fail" })),
  ...more,
});
const none = { all: 0, fixable: 0 };
const cve = { scan: "COMPLETED", counts: { critical: none, high: none, medium: none }, findings: [] };

type Evidence = NonNullable<NotedBuild["evidence"]>;
const noted = (nth: number, evidence: Partial<Evidence>, parent = `ami-${nth}`): NotedBuild => ({
  build: arn(nth),
  parent,
  evidence: { manifest: { packages: [] }, findings: [], cve, ...evidence },
});

const before = noted(1, {
  manifest: { packages: [installed("openssl", "3.0.8"), installed("telnet", "1"), installed("zlib", "1.2")] },
  findings: [finding("CVE-2026-1", "high"), finding("CVE-2026-2", "low")],
  cisResult: cis(["1.1", "1.2"]),
  recipe: [
    { name: "update-al2023", version: "1.0.0" },
    { name: "acme-agents", version: "2.1.0" },
  ],
});
const now = noted(2, {
  manifest: { packages: [installed("openssl", "3.0.9"), installed("zlib", "1.2"), installed("nginx", "1.26")] },
  findings: [finding("CVE-2026-2", "low"), finding("CVE-2026-3", "critical")],
  cisResult: cis(["1.2", "1.3"]),
  recipe: [
    { name: "update-al2023", version: "1.0.1" },
    { name: "acme-agents", version: "2.1.0" },
    { name: "acme-web", version: "0.1.0" },
  ],
});
const advisory = (id: string, name: string, version: string, severity: "important" | "medium" = "medium") => ({
  id,
  severity,
  cves: [id.replace("ALAS", "CVE")],
  fixes: [{ name, architecture: "x86_64", version: `${version}-1.amzn2023` }],
});
const known = {
  image: "base",
  config: { os: "al2023", architecture: "x86_64" } as const,
  advisories: [
    advisory("ALAS-2026-4", "zlib", "1.3"),
    advisory("ALAS-2026-3", "nginx", "1.27"),
    advisory("ALAS-2026-2", "openssl", "3.0.10", "important"),
    advisory("ALAS-2026-1", "openssl", "3.0.9", "important"),
  ],
  gate: { verdict: "passed" as const, broken: [], waived: ["CVE-2026-3 waived by sec until 2026-05-01: no network"] },
  approvals: [
    {
      channel: "stable",
      verdict: "granted" as const,
      answers: [{ person: "grace", verdict: "approved" as const, at: "2026-04-02T15:00:00.000Z", reason: "read it" }],
    },
  ],
};
const notes = (from: NotedBuild | undefined, to: NotedBuild) => composeNotes({ ...known, now: to, before: from });

test("the notes of a build read as the golden file", async () => {
  const text = drawNotes(notes(before, now));

  await expect(text).toMatchFileSnapshot("fixtures/notes.md");
  // The same input, in whatever order the feeds and the manifest have it.
  const shuffled = composeNotes({ ...known, advisories: known.advisories.toReversed(), now, before });
  expect(drawNotes(shuffled)).toBe(text);
});

test("a notice's summary counts what changed", () => {
  expect(summariseNotes(notes(before, now))).toBe(
    "1 package updated, 1 package added, 1 package removed, 1 advisory fixed, 3 advisories open, 1 CVE finding fixed, " +
      "1 new CVE finding, 1 benchmark rule newly failing",
  );
  expect(summariseNotes(notes(now, { ...now, build: arn(3) }))).toBe("3 advisories open");
  const empty = noted(1, {});
  expect(summariseNotes(notes(empty, { ...empty, build: arn(2) }))).toBe("no package changed");
  expect(summariseNotes(notes({ ...before, evidence: undefined }, { ...now, evidence: undefined }))).toBe(
    "changes unknown",
  );
});

test("a first build has no new or fixed entries", () => {
  const first = notes(undefined, now);

  expect(first.since).toBeUndefined();
  expect(first.packages).toBeUndefined();
  expect(first.advisories).toMatchObject({ fixed: [], appeared: [] });
  expect(first.advisories?.open.map(({ id }) => id)).toEqual(["ALAS-2026-2", "ALAS-2026-3", "ALAS-2026-4"]);
  expect(first.findings?.open.map(({ id }) => id)).toEqual(["CVE-2026-3", "CVE-2026-2"]);
  expect(first.notKnown).toEqual([]);
  expect(summariseNotes(first)).toBe("3 advisories open");
  expect(summariseNotes(notes(undefined, noted(1, {})))).toBe("the first build");
  expect(drawNotes(first)).toContain("The first build.");
});

test("what cannot be compared is unknown, with the reason", () => {
  const unscanned = noted(2, { cve: { ...cve, scan: "FAILED" }, cisResult: cis([], { incomplete: "it was cut off" }) });
  const other = noted(2, { cisResult: cis([], { profile: "level2" }), recipe: [] });

  expect(notes(before, unscanned).notKnown).toEqual([
    { what: "benchmark", why: "the benchmark is incomplete: it was cut off" },
    { what: "components", why: "the evidence has no list of components" },
    { what: "findings", why: "the scan is FAILED" },
  ]);
  expect(notes(before, other).notKnown).toEqual([
    { what: "benchmark", why: "the benchmarks differ: level1 of AL2023 by openscap and level2 of AL2023 by openscap" },
  ]);
  const lost = notes({ ...before, evidence: undefined }, now);
  expect(lost.notKnown.map(({ what }) => what)).toEqual([
    "advisories",
    "benchmark",
    "components",
    "findings",
    "packages",
  ]);
  expect(lost).not.toHaveProperty("advisories");
  expect(drawNotes(lost)).toContain("- packages: `in the previous build: no manifest is stored`");
});

const names = ["openssl", "zlib", "nginx", "telnet"] as const;
const someEvidence: fc.Arbitrary<Partial<Evidence>> = fc.record({
  manifest: fc
    .uniqueArray(fc.tuple(fc.constantFrom(...names), fc.constantFrom("1.26", "3.0.8", "3.0.10")), {
      selector: ([name]) => name,
    })
    .map((some) => ({ packages: some.map(([name, version]) => installed(name, version)) })),
  findings: fc
    .subarray(["CVE-2026-1", "CVE-2026-2", "CVE-2026-3"])
    .map((ids) => ids.map((id, n) => finding(id, n % 2 ? "high" : "low"))),
  cisResult: fc.subarray(["1.1", "1.2", "1.3"]).map((rules) => cis(rules)),
  recipe: fc
    .uniqueArray(fc.tuple(fc.constantFrom("a", "b", "c"), fc.constantFrom("1.0.0", "1.0.1")), {
      selector: ([name]) => name,
    })
    .map((some) => some.map(([name, version]) => ({ name, version }))),
});

const flipped = <One>({ added, removed, updated }: { added: One; removed: One; updated: readonly Updated[] }) => ({
  added: removed,
  removed: added,
  updated: updated.map(({ name, from, to }) => ({ name, from: to, to: from })),
});
interface Updated {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}
const ids = (all: Record<"fixed" | "appeared" | "open", readonly { readonly id: string }[]> | undefined) => ({
  fixed: all?.fixed.map(({ id }) => id),
  appeared: all?.appeared.map(({ id }) => id),
  open: all?.open.map(({ id }) => id).toSorted(),
});

test("the notes of a rollback mirror those of the promotion", () => {
  fc.assert(
    fc.property(someEvidence, someEvidence, (one, other) => {
      const [a, b] = [noted(1, one), noted(2, other)];
      const there = notes(a, b);
      const back = notes(b, a);

      expect(back.packages).toEqual(flipped(there.packages!));
      expect(back.components).toEqual(flipped(there.components!));
      expect(back.parent).toEqual({ from: there.parent.to, to: there.parent.from });
      for (const part of ["advisories", "findings"] as const) {
        const { fixed, appeared, open } = ids(there[part]);
        expect(ids(back[part])).toEqual({ fixed: appeared, appeared: fixed, open });
      }
      const { fixed, appeared, ...rest } = there.benchmark!;
      expect(back.benchmark).toEqual({ ...rest, fixed: appeared, appeared: fixed });
      const itself = notes(a, { ...a, build: arn(2) });
      expect([itself.packages, itself.components]).toEqual(Array(2).fill({ added: [], removed: [], updated: [] }));
      expect(itself.advisories).toMatchObject({ fixed: [], appeared: [] });
    }),
  );
});

/** Everything outside of code spans, which is the notes' own. */
const ownText = (markdown: string): string => markdown.replaceAll(/`[^`\n]+`/g, "");

test("foreign text cannot leave its code span or add lines", () => {
  fc.assert(
    fc.property(hostile(releaseNotes), (all: ReleaseNotes) => {
      const text = drawNotes(all);
      const own = ownText(text);

      expect(own).not.toMatch(/[`<>[\]@&|\\_~]|https?:/);
      expect(own).not.toMatch(/^FORGED/m);
      expect(text).not.toMatch(/(?!\n)\p{Cc}|(?![\u200c\u200d])\p{Cf}|\p{Zl}|\p{Zp}|\p{Cs}/u);
      for (const line of own.split("\n"))
        expect(line).toMatch(/^(|#.*|- .*|\*\*.*\*\*|[A-Z][\w ]*:|The first build\.|Changes since \.)$/);
      expect(releaseNotes.parse(JSON.parse(JSON.stringify(all)))).toEqual(all);
    }),
    { numRuns: 300 },
  );
});
