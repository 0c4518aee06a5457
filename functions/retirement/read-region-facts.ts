import { listAmis } from "../../adapters/promotion/ami-of.ts";
import type { RetirableAmi } from "../../adapters/retirement/retire-image.ts";
import { type KnownUse, listUses, recordUse } from "../../adapters/retirement/uses.ts";
import { isAmiId } from "../../core/build/build-arn.ts";
import { combinedToken } from "../../core/build/reasons.ts";
import type { Lookup, RegionFacts } from "../../core/retirement/facts.ts";
import { closedSince, type RetirableBuild } from "../../core/retirement/plan-retirement.ts";
import { wantsReport } from "../../core/retirement/prove-disuse.ts";
import { entities } from "../../core/share/launch-permission.ts";
import type { ArtifactId, BuildArn } from "../../events/ids.ts";
import { lookUpContainers } from "../containers/container-lookups.ts";
import type { Invocation } from "../invocation.ts";
import { artifactOf } from "../share/artifact-of.ts";
import type { Subject } from "./read-ledger-facts.ts";
import { lookUpAmis, type UseLookups } from "./use-lookups.ts";

/** Reports kept for an AMI in a region: those of a proof, and those in between. */
const MOST_REPORTS = 6;

interface Asking {
  /** Whether to request new reports from EC2; otherwise only existing ones are read. */
  readonly reports: boolean;
}

/** Looks up builds in every region at once: their AMIs, references to them, and their usage. */
export async function readRegionFacts(
  subjects: readonly Subject[],
  asking: Asking,
  invocation: Invocation<"PROMOTION_ARN">,
): Promise<RetirableBuild[]> {
  const { ledger, settings } = invocation;
  const known = await listUses(ledger);
  const held: Held[] = [];
  for (const subject of subjects) {
    for (const { region, amiId } of await listAmis(ledger, subject.record, settings.factory.buildRegion)) {
      held.push({ subject, region, artifact: amiId });
    }
  }
  // One lookup per region and kind.
  const together = Map.groupBy(held, ({ region, artifact }) => `${region} ${isAmiId(artifact)}`);
  const looked = await Promise.all([...together.values()].map((some) => lookTogether(some, invocation)));
  const facts = Map.groupBy(looked.flat(), ({ build }) => build);
  return Promise.all(
    subjects.map(async ({ facts: known_, record: { build } }) => {
      const regions = (facts.get(build) ?? []).map(({ facts: one }) => one);
      const since = closedSince(regions);
      const quiet = known_.retention?.disableAfter ?? Number.POSITIVE_INFINITY;
      const reported = await Promise.all(
        regions.map(async (one) => {
          const use = known({ build, region: one.region });
          const wanted = asking.reports && isAsked({ ...known_, regions }, invocation.now);
          return {
            ...one,
            reports: await followReports({ build, one, use, quiet, since: wanted ? { since } : undefined }, invocation),
          };
        }),
      );
      return { ...known_, regions: reported };
    }),
  );
}

/** The lookups for an artifact's kind. */
const lookupsFor = (region: string, artifact: ArtifactId, invocation: Invocation<"PROMOTION_ARN">): UseLookups =>
  isAmiId(artifact) ? lookUpAmis(region, invocation) : lookUpContainers(invocation);

interface Held {
  readonly subject: Subject;
  readonly region: string;
  readonly artifact: ArtifactId;
}

interface Looked {
  readonly build: BuildArn;
  readonly facts: RegionFacts;
}

async function lookTogether(held: readonly Held[], invocation: Invocation<"PROMOTION_ARN">): Promise<Looked[]> {
  const { log } = invocation;
  const [first] = held;
  if (!first) return [];
  const { region } = first;
  const lookups = lookupsFor(region, first.artifact, invocation);
  const look = async <Found>(what: string, asked: () => Promise<Found>): Promise<Lookup<Found>> => {
    try {
      return { found: await asked() };
    } catch (failure) {
      log.warn("not looked up", { what, region, failure: String(failure) });
      return { failed: failure instanceof Error ? failure.message : String(failure) };
    }
  };
  const amis = await look("AMIs", () => lookups.describe(held.map(({ artifact }) => artifact)));
  // EC2 rejects requests for references to an AMI that does not exist.
  const there = held.flatMap(({ artifact }) => ("found" in amis && amis.found.has(artifact) ? [artifact] : []));
  const references = await look("references", () => lookups.findReferences(there));
  const facts: Looked[] = [];
  for (const { subject, artifact } of held) {
    const done = subject.retired?.regions.get(region)?.done;
    const ami: Lookup<RetirableAmi | undefined> = "failed" in amis ? amis : { found: amis.found.get(artifact) };
    const refers = "failed" in references ? references : { found: references.found.get(artifact) ?? [] };
    // EC2 drops a disabled AMI's launch permissions.
    const isOpen = done?.stage === "withdrawn" && "found" in ami && ami.found?.state === "available";
    const sharedAgain = isOpen
      ? await look("shares", async () => entities(await artifactOf(region, artifact, invocation).readPermission()))
      : undefined;
    const seen = { region, artifact, ami, references: refers, sharedAgain, reports: [], done };
    facts.push({ build: subject.record.build, facts: seen });
  }
  return facts;
}

/** Whether usage matters for a build: from shortly before it may be disabled until it is being deregistered. */
function isAsked({ startedAt, retention, stage, regions }: RetirableBuild, now: Date): boolean {
  if (!retention) return false;
  const days = stage?.stage === "disabled" ? retention.retireAfter : retention.disableAfter;
  // Early enough for both reports to exist when the build is due.
  const from = Date.parse(startedAt) + days * 1000 - EARLY_MS;
  return from <= now.getTime() && regions.some(({ ami }) => "found" in ami && ami.found !== undefined);
}
const EARLY_MS = 6 * 86_400_000;

interface Followed {
  readonly build: BuildArn;
  readonly one: RegionFacts;
  readonly use: KnownUse | undefined;
  /** Seconds. */
  readonly quiet: number;
  /** Left out: no new report is requested. */
  readonly since: { readonly since: string | undefined } | undefined;
}

/** Reads pending reports, requests another where one is due, and records the results. */
async function followReports(
  { build, one, use, quiet, since }: Followed,
  invocation: Invocation<"PROMOTION_ARN">,
): Promise<KnownUse["reports"]> {
  const { region, artifact, ami } = one;
  const lookups = lookupsFor(region, artifact, invocation);
  const before = use?.amiId === artifact ? use.reports : [];
  const reports = await Promise.all(
    before.map(async (report) => {
      if (report.found.state !== "pending") return report;
      try {
        return { ...report, found: await lookups.read(report.id) };
      } catch (failure) {
        invocation.log.warn("usage report not read", { build, region, failure: String(failure) });
        return report;
      }
    }),
  );
  const isThere = "found" in ami && ami.found !== undefined;
  if (since && isThere && wantsReport(reports, since.since, invocation.now)) {
    reports.push(await ask(build, one, quiet, invocation));
  }
  const kept = reports.slice(-MOST_REPORTS);
  if (JSON.stringify(kept) !== JSON.stringify(before)) {
    await recordUse(invocation.ledger, { build, region, amiId: artifact, reports: kept }, invocation.now);
  }
  return kept;
}

/** A report that EC2 refuses is recorded as missing, with the reason. */
async function ask(
  build: BuildArn,
  { region, artifact }: RegionFacts,
  quiet: number,
  invocation: Invocation<"PROMOTION_ARN">,
): Promise<KnownUse["reports"][number]> {
  const { now, log } = invocation;
  const askedAt = now.toISOString();
  try {
    const token = combinedToken([build, region, askedAt]);
    const asked = await lookupsFor(region, artifact, invocation).request(artifact, token, quiet);
    return { ...asked, askedAt };
  } catch (failure) {
    log.warn("no usage report was requested", { build, region, amiId: artifact, failure: String(failure) });
    const why = `EC2 was asked on ${askedAt.slice(0, 10)}: ${failure instanceof Error ? failure.message : failure}`;
    return { id: "refused", askedAt, found: { state: "missing", why } };
  }
}
