import { isAmiId } from "../../core/build/build-arn.ts";
import { advisoriesOf, managerOf } from "../../core/component/image-system.ts";
import type { Evidence } from "../../core/evidence/evidence.ts";
import type { Manifest } from "../../core/evidence/manifest.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import type { AffectedFacts, Counted, PointedChannel } from "../../core/fleet/affected.ts";
import { findTarget, type Target, toPackage } from "../../core/fleet/affected-target.ts";
import type { BuildScan, BuildSystem, KnownBuild, SystemAdvisory } from "../../core/fleet/judge-affected.ts";
import { knownAdvisories } from "../../core/fleet/known-advisories.ts";
import type { Clock } from "../../core/rollout/clock.ts";
import type { BuildArn } from "../../events/ids.ts";
import { listOpenAdvisories } from "../advisories/feed-memory.ts";
import type { BuildRecord } from "../build/builds.ts";
import { readAllImageStates, readImageStates } from "../build/image-state.ts";
import type { ChannelRecord } from "../channel/channels.ts";
import { listEvidence } from "../evidence/evidence.ts";
import { type Contents, type EvidenceStore, findContents, UploadUnreadable } from "../evidence/evidence-store.ts";
import type { Ledger } from "../ledger/table.ts";
import { listGone } from "../retirement/leftovers.ts";
import { listRetirements, type RetiredBuild } from "../retirement/retirements.ts";
import { listOpenClocks, readCells } from "../rollout/exposures.ts";

const PARTS = ["channels", "builds"] as const;

/** Concurrent reads of evidence objects. */
const AT_ONCE = 16;

/** The ledger keeps this many findings of a build; with that many, the evidence bucket may have more. */
const MOST_FINDINGS = 50;

interface Asked {
  readonly factory: Factory;
  /** Default: all. */
  readonly image?: string | undefined;
  /** The search text, as typed. */
  readonly text: string;
}

/**
 * The facts about builds with existing AMIs for a CVE, an advisory or a package: six ledger queries, and one evidence
 * object for each distinct package list.
 * @throws NotATarget
 */
export async function readAffected(
  ledger: Ledger,
  store: EvidenceStore,
  { factory, image, text }: Asked,
): Promise<{ readonly target: Target; readonly facts: AffectedFacts }> {
  const [states, open, evidence, gone, retired] = await Promise.all([
    image === undefined ? readAllImageStates(ledger, PARTS) : readImageStates(ledger, [image], PARTS),
    listOpenAdvisories(ledger),
    listEvidence(ledger),
    listGone(ledger),
    listRetirements(ledger),
  ]);
  const all = [...states.values()].flatMap(({ builds }) => builds);
  const records = all.filter((one) => one.status === "available" && !isGone(one, gone, retired.get(one.build)));
  const systemOf = (name: string) => toSystem(factory, name);
  const known = knownAdvisories(open, all, systemOf);
  const ledgerFindings = [...evidence.values()].flatMap(({ cve }) => cve.findings.map(({ id }) => id));
  const names = {
    advisories: new Set(known.flatMap(({ advisory: { id, archive = [] } }) => [id, ...archive])),
    vulnerabilities: new Set([...ledgerFindings, ...known.flatMap(({ advisory }) => advisory.cves)]),
  };
  const early = tryTarget(text, names);
  const wanted = early ? wantedPackages(early, known) : new Set([toPackage(text).name]);
  const installed = await readInstalled(store, records, evidence, {
    keep: wanted && ((name) => wanted.has(name)),
    vulnerability: early?.kind === "vulnerability" ? early.id : undefined,
  });
  const hasPackage = (name: string) =>
    [...installed.values()].some(
      ({ manifest }) => typeof manifest !== "string" && manifest.packages.some((one) => one.name === name),
    );
  const target = early ?? findTarget(text, { ...names, hasPackage });
  return {
    target,
    facts: {
      builds: records.map((record) =>
        toKnown(record, systemOf(record.image), evidence.get(record.build), installed, target),
      ),
      advisories: known.filter(({ advisory }) => isAbout(target, advisory)),
      channels: [...states].flatMap(([name, { channels }]) =>
        Object.entries(channels).map(([channel, pointed]) => toPointed(name, channel, pointed)),
      ),
    },
  };
}

type Names = Pick<Parameters<typeof findTarget>[1], "advisories" | "vulnerabilities">;

/** A target that is recognized without manifests; undefined: it may be a package. */
function tryTarget(text: string, names: Names): Target | undefined {
  const found = findTarget(text, { ...names, hasPackage: () => true });
  return found.kind === "package" ? undefined : found;
}

const isAbout = (target: Target, { id, cves, archive = [] }: SystemAdvisory["advisory"]): boolean =>
  target.kind === "advisory"
    ? id === target.id || archive.includes(target.id)
    : target.kind === "vulnerability" && cves.includes(target.id);

/** The names of relevant packages; undefined where a scan may name any. */
function wantedPackages(target: Target, known: readonly SystemAdvisory[]): ReadonlySet<string> | undefined {
  if (target.kind !== "advisory") return undefined;
  const fixes = known.filter(({ advisory }) => isAbout(target, advisory)).flatMap(({ advisory }) => advisory.fixes);
  return new Set(fixes.flatMap(({ name, on }) => (on ? [name, on.name] : [name])));
}

/** Removed by retirement or clean-up in every region. */
const isGone = ({ build }: BuildRecord, gone: ReadonlySet<string>, retired: RetiredBuild | undefined): boolean =>
  retired
    ? retired.regions.size > 0 && [...retired.regions.values()].every(({ done }) => done?.stage === "deregistered")
    : gone.has(build);

function toSystem({ images }: Factory, image: string): BuildSystem | undefined {
  const config = images[image];
  if (!config) return undefined;
  const { os, architecture } = config;
  return { name: advisoriesOf(os), manager: managerOf(os), architecture };
}

interface Installed {
  readonly manifest: Manifest | string;
  /** The bucket's findings, if read for this very build. */
  readonly findings?: Contents["findings"];
}

/**
 * Each build's packages. Builds with the same packages share one read, unless the ledger lacks findings of one.
 * @param keep the relevant packages; undefined: all
 * @param vulnerability the CVE whose findings matter
 */
async function readInstalled(
  store: EvidenceStore,
  records: readonly BuildRecord[],
  evidence: ReadonlyMap<string, Evidence>,
  { keep, vulnerability }: { keep: ((name: string) => boolean) | undefined; vulnerability: string | undefined },
): Promise<ReadonlyMap<BuildArn, Installed>> {
  const groups = [
    ...Map.groupBy(records, ({ build }) => {
      const own = evidence.get(build);
      const needsFindings = vulnerability !== undefined && (own?.cve.findings.length ?? 0) >= MOST_FINDINGS;
      return (needsFindings ? undefined : own?.packagesDigest) ?? build;
    }).values(),
  ];
  const found = new Map<BuildArn, Installed>();
  const readOneByOne = async () => {
    for (let some = groups.pop(); some; some = groups.pop()) {
      const [first] = some;
      if (!first) continue;
      const { findings, ...rest } = await readOne(store, first.build, keep);
      for (const { build } of some) found.set(build, build === first.build && findings ? { ...rest, findings } : rest);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, readOneByOne));
  return found;
}

async function readOne(
  store: EvidenceStore,
  build: BuildArn,
  keep: ((name: string) => boolean) | undefined,
): Promise<Installed> {
  try {
    const contents = await findContents(store, build);
    if (!contents) return { manifest: "the evidence bucket has no manifest of it" };
    const { manifest, findings } = contents;
    return { manifest: keep ? { packages: manifest.packages.filter(({ name }) => keep(name)) } : manifest, findings };
  } catch (error) {
    if (error instanceof UploadUnreadable) return { manifest: error.message };
    throw error;
  }
}

function toKnown(
  { image, build, startedAt, amiId }: BuildRecord,
  system: BuildSystem | undefined,
  evidence: Evidence | undefined,
  all: ReadonlyMap<BuildArn, Installed>,
  target: Target,
): KnownBuild {
  const { manifest, findings } = all.get(build) ?? { manifest: "it was not read" };
  return {
    image,
    build,
    startedAt,
    system,
    installed: manifest,
    scan: evidence && toScan(evidence, findings, target),
    ...(amiId && !isAmiId(amiId) && { unreported: "AWS does not report who runs a container image" }),
  };
}

function toScan({ collectedAt, cve }: Evidence, findings: Contents["findings"] | undefined, target: Target): BuildScan {
  const about = (findings ?? cve.findings).filter(({ id }) => target.kind === "vulnerability" && id === target.id);
  return {
    at: collectedAt,
    completed: cve.scan === "COMPLETED",
    ...(about.length > 0 && { reported: [...new Set(about.flatMap(({ packages }) => packages))] }),
  };
}

const toPointed = (image: string, channel: string, { build, amis, behind = {} }: ChannelRecord): PointedChannel => ({
  image,
  channel,
  regions: {
    ...Object.fromEntries(Object.keys(amis).map((region) => [region, build])),
    ...Object.fromEntries(Object.entries(behind).map(([region, kept]) => [region, kept.build])),
  },
});

/** What the exposure clocks of a target's advisories last counted: one query, and one for each of these clocks. */
export async function readCounted(
  ledger: Ledger,
  target: Target,
  image: string | undefined,
): Promise<readonly Counted[]> {
  const clocks = (await listOpenClocks(ledger)).filter(
    (clock) => (image === undefined || clock.image === image) && isClockAbout(target, clock),
  );
  const found = await Promise.all(
    clocks.map(async (clock) => {
      const { image: of, channel, advisory, seenAt } = clock;
      const cells = await readCells(ledger, clock);
      return [...cells].flatMap(([account, { known }]): Counted[] => {
        const instances = known ? known.left + known.fresh : 0;
        if (!known || instances === 0) return [];
        const asOf = new Date(Date.parse(seenAt) + known.at * 1000).toISOString();
        return [{ account, image: of, channel, advisory, instances, asOf }];
      });
    }),
  );
  return found.flat();
}

/** Clocks count instances by advisory: a package alone names none. */
const isClockAbout = (target: Target, { advisory, cves }: Clock): boolean =>
  target.kind === "advisory" ? advisory === target.id : target.kind === "vulnerability" && cves.includes(target.id);
