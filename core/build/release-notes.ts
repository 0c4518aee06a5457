import * as z from "zod";
import { advisorySeverities, advisorySeverity } from "../../events/build.ts";
import { buildArn } from "../../events/ids.ts";
import { findOlder } from "../advisories/announcement.ts";
import type { Advisory } from "../advisories/feed.ts";
import { approvalVerdicts } from "../approval/decide-approval.ts";
import type { CisResult, FailedRule } from "../evidence/cis.ts";
import { type Finding, mostSevereFirst, type WholeEvidence } from "../evidence/evidence.ts";
import { differ, differPackages } from "../evidence/manifest.ts";
import type { Image } from "../factory/image-schema.ts";

const versioned = z.object({ name: z.string(), version: z.string() });
const difference = z.object({
  added: z.array(versioned).readonly(),
  removed: z.array(versioned).readonly(),
  updated: z.array(z.object({ name: z.string(), from: z.string(), to: z.string() })).readonly(),
});

const advisory = z.object({
  id: z.string(),
  severity: advisorySeverity,
  cves: z.array(z.string()).readonly(),
  /** Packages of the build that the advisory applies to. */
  packages: z.array(z.object({ name: z.string(), installed: z.string(), fixed: z.string() })).readonly(),
});
const finding = z.object({ id: z.string(), severity: z.string(), packages: z.array(z.string()).readonly() });
const rule = z.object({ rule: z.string(), title: z.string().optional() });

/** `fixed`: only the previous build has it; `appeared`: only this build has it; `open`: both have it. */
const compared = <One extends z.ZodType>(one: One) =>
  z.object({ fixed: z.array(one).readonly(), appeared: z.array(one).readonly(), open: z.array(one).readonly() });

const parts = ["packages", "components", "advisories", "findings", "benchmark"] as const;

const approval = z.object({
  channel: z.string(),
  verdict: z.enum([...approvalVerdicts, "open"]),
  answers: z
    .array(
      z.object({
        person: z.string(),
        verdict: z.enum(["approved", "rejected"]),
        at: z.string(),
        reason: z.string().optional(),
      }),
    )
    .readonly(),
});

/** The changes from one build to another, as printed by `amint notes --json` and stored in the evidence bucket. */
export const releaseNotes = z.object({
  image: z.string(),
  build: buildArn,
  /** The build that it is compared with; absent without one. */
  since: buildArn.optional(),
  parent: z.object({ from: z.string().optional(), to: z.string().optional() }),
  /** These are absent if they are not known for both builds; `notKnown` says why. */
  packages: difference.optional(),
  components: difference.optional(),
  advisories: compared(advisory).optional(),
  findings: compared(finding).optional(),
  benchmark: compared(rule).extend({ profile: z.string() }).optional(),
  /** What cannot be compared, and why. */
  notKnown: z.array(z.object({ what: z.enum(parts), why: z.string() })).readonly(),
  gate: z
    .object({
      verdict: z.enum(["passed", "rejected"]),
      broken: z.array(z.string()).readonly(),
      waived: z.array(z.string()).readonly(),
    })
    .optional(),
  approvals: z.array(approval).readonly(),
});

export type ReleaseNotes = z.output<typeof releaseNotes>;

/** The facts about one of the two builds. */
export interface NotedBuild {
  readonly build: ReleaseNotes["build"];
  /** What it started from: a build, an AMI or a container image's digest. */
  readonly parent: string | undefined;
  /** Undefined: none was collected, or it was deleted. */
  readonly evidence: Pick<WholeEvidence, "manifest" | "findings" | "cve" | "cisResult" | "recipe"> | undefined;
}

interface Asked {
  readonly image: string;
  readonly config: Pick<Image, "os" | "architecture">;
  readonly now: NotedBuild;
  readonly before: NotedBuild | undefined;
  /** The advisories for the image's operating system that the factory knows. */
  readonly advisories: readonly Advisory[];
  readonly gate: ReleaseNotes["gate"];
  readonly approvals: ReleaseNotes["approvals"];
}

type NotKnown = ReleaseNotes["notKnown"][number];

/** Composes the notes of a build. The same input gives the same notes: everything is sorted and independent of the clock. */
export function composeNotes({ image, config, now, before, advisories, gate, approvals }: Asked): ReleaseNotes {
  const notKnown: NotKnown[] = [];
  /** @param alone a first build is compared with itself, so nothing is new or fixed */
  const both = <Known>(
    what: (typeof parts)[number],
    of: (build: NotedBuild) => Known | string,
    alone: "alone" | "never" = "never",
  ): [Known, Known] | undefined => {
    const [own, other] = [of(now), before ? of(before) : undefined];
    if (typeof own === "string") notKnown.push({ what, why: own });
    else if (typeof other === "string") notKnown.push({ what, why: `in the previous build: ${other}` });
    else if (other !== undefined) return [other, own];
    else if (alone === "alone") return [own, own];
    return undefined;
  };
  const evidenceOf = ({ evidence }: NotedBuild) => evidence ?? "no evidence is stored";
  const manifests = both("packages", (one) => one.evidence?.manifest ?? "no manifest is stored");
  const components = both("components", (one) => one.evidence?.recipe ?? "the evidence has no list of components");
  const judged = both(
    "advisories",
    (one) => {
      const { manifest } = one.evidence ?? {};
      return manifest
        ? judge(advisories, findOlder({ image, config, packages: manifest, advisories }))
        : "no manifest is stored";
    },
    "alone",
  );
  const scans = both(
    "findings",
    (one) => {
      const found = evidenceOf(one);
      if (typeof found === "string") return found;
      return found.cve.scan === "COMPLETED" ? byId(found.findings) : `the scan is ${found.cve.scan}`;
    },
    "alone",
  );
  const benchmarks = hasBenchmark(now, before) ? both("benchmark", benchmarkOf, "alone") : undefined;
  const benchmark = benchmarks && compareBenchmarks(...benchmarks);
  if (typeof benchmark === "string") notKnown.push({ what: "benchmark", why: benchmark });
  return {
    image,
    build: now.build,
    ...(before && { since: before.build }),
    parent: { ...(before?.parent && { from: before.parent }), ...(now.parent && { to: now.parent }) },
    ...(manifests && { packages: differPackages(...manifests) }),
    ...(components && { components: differ(...toVersions(components)) }),
    ...(judged && { advisories: compare(...judged, bySeverity) }),
    ...(scans && {
      findings: compare(...scans, (some) =>
        mostSevereFirst(some).map(({ id, severity, packages }) => ({ id, severity, packages })),
      ),
    }),
    ...(typeof benchmark === "object" && { benchmark }),
    notKnown: notKnown.toSorted((a, b) => (a.what < b.what ? -1 : 1)),
    ...(gate && { gate }),
    approvals,
  };
}

type Versions = readonly { readonly name: string; readonly version: string }[];

const toVersions = (both: readonly [Versions, Versions]): [Map<string, string>, Map<string, string>] => {
  const [before, now] = both.map((some) => new Map(some.map(({ name, version }) => [name, version])));
  return [before!, now!];
};

type NotedAdvisory = z.output<typeof advisory>;

/** Advisories that apply to a build, with its affected packages. */
function judge(
  advisories: readonly Advisory[],
  older: ReturnType<typeof findOlder>,
): ReadonlyMap<string, NotedAdvisory> {
  return new Map(
    advisories.flatMap(({ id, severity, cves }) => {
      const packages = older.get(id)?.map(({ name, installed, fixed }) => ({ name, installed, fixed }));
      return packages ? [[id, { id, severity, cves, packages }]] : [];
    }),
  );
}

/** Merges the findings of a CVE and their packages. */
function byId(findings: readonly Finding[]): ReadonlyMap<string, Finding> {
  return new Map(
    [...Map.groupBy(findings, ({ id }) => id)].map(([id, some]) => {
      const [worst] = mostSevereFirst(some);
      return [id, { ...worst!, packages: [...new Set(some.flatMap(({ packages }) => packages))].toSorted() }];
    }),
  );
}

const rank = ({ severity }: NotedAdvisory): number => advisorySeverities.indexOf(severity);

const bySeverity = (some: readonly NotedAdvisory[]): NotedAdvisory[] => some.toSorted((a, b) => rank(b) - rank(a));

/** Fixed items are described as in the previous build, the others as in this one. */
function compare<One extends { readonly id: string }, Said>(
  before: ReadonlyMap<string, One>,
  now: ReadonlyMap<string, One>,
  sort: (some: readonly One[]) => Said[],
) {
  const sorted = (some: ReadonlyMap<string, One>, keep: (id: string) => boolean) =>
    sort([...some.values()].filter(({ id }) => keep(id)).toSorted((a, b) => (a.id < b.id ? -1 : 1)));
  return {
    fixed: sorted(before, (id) => !now.has(id)),
    appeared: sorted(now, (id) => !before.has(id)),
    open: sorted(now, (id) => before.has(id)),
  };
}

const hasBenchmark = (now: NotedBuild, before: NotedBuild | undefined): boolean =>
  now.evidence?.cisResult !== undefined || before?.evidence?.cisResult !== undefined;

function benchmarkOf({ evidence }: NotedBuild): CisResult | string {
  const result = evidence?.cisResult;
  if (!result) return "no benchmark ran";
  return result.incomplete ? `the benchmark is incomplete: ${result.incomplete}` : result;
}

/** Only failed rules are stored, so a rule that is no longer checked counts as fixed. */
function compareBenchmarks(before: CisResult, now: CisResult): NonNullable<ReleaseNotes["benchmark"]> | string {
  const name = ({ by, profile, benchmark }: CisResult) => `${profile} of ${benchmark} by ${by}`;
  if (name(before) !== name(now)) return `the benchmarks differ: ${[name(before), name(now)].toSorted().join(" and ")}`;
  const failed = ({ failed: some }: CisResult) => new Map(some.map((one) => [one.rule, { ...one, id: one.rule }]));
  const say = (some: readonly FailedRule[]) =>
    some.map(({ rule: id, title }) => ({ rule: id, ...(title && { title }) }));
  return { profile: name(now), ...compare(failed(before), failed(now), say) };
}
