import type { EC2Client } from "@aws-sdk/client-ec2";
import { isAmiId } from "../../core/build/build-arn.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import type { FleetBuild, FleetChannel, FleetPlace, KnownUses } from "../../core/fleet/facts.ts";
import type { Lookup } from "../../core/retirement/facts.ts";
import type { AmiId, BuildArn } from "../../events/ids.ts";
import type { BuildRecord } from "../build/builds.ts";
import { type ImageState, readAllImageStates, readImageStates } from "../build/image-state.ts";
import { type HistoryEntry, readMoves } from "../channel/history.ts";
import type { Ledger } from "../ledger/table.ts";
import { amisOf } from "../promotion/ami-of.ts";
import { readCopies } from "../promotion/promotion.ts";
import { listGone } from "../retirement/leftovers.ts";
import { describeRetirable, type RetirableAmi } from "../retirement/retire-image.ts";
import { listRetirements, type RetiredBuild } from "../retirement/retirements.ts";
import { type KnownUse, listUses } from "../retirement/uses.ts";
import { listRevocations } from "../revocation/revocations.ts";
import { type AmiReports, listReports } from "./fleet-reports.ts";

interface Asked {
  readonly factory: Factory;
  /** Default: all in the ledger, including those removed from the config. */
  readonly image?: string;
  /** Only these builds; default: all. */
  readonly only?: (build: BuildArn) => boolean;
  readonly now: Date;
  /** A client for a region. */
  readonly ec2: (region: string) => EC2Client;
}

export interface FleetFacts {
  readonly builds: readonly FleetBuild[];
  readonly channels: readonly FleetChannel[];
}

const PARTS = ["channels", "builds"] as const;
type State = Pick<ImageState, (typeof PARTS)[number]>;

/**
 * Every build that may have been launched: it was in a channel, was revoked, or has an EC2 report. AMIs that retirement
 * or clean-up removed are left out: they were proven unused.
 */
export async function readFleet(
  ledger: Ledger,
  { factory, image, only = () => true, now, ec2 }: Asked,
): Promise<FleetFacts> {
  const [states, retired, uses, movesOf, revocations] = await Promise.all([
    image === undefined ? readAllImageStates(ledger, PARTS) : readImageStates(ledger, [image], PARTS),
    listRetirements(ledger),
    listUses(ledger),
    readMoves(ledger),
    listRevocations(ledger),
  ]);
  const channels: FleetChannel[] = [];
  const published = new Set<BuildArn>();
  for (const [name, state] of states) {
    for (const channel of namesOf(factory, name, state)) {
      const moves = movesOf(name, channel, state.channels[channel]);
      for (const { build } of moves) if (build) published.add(build);
      channels.push(...toChannel(name, channel, { state, moves }));
    }
  }
  const held = (await listHeld(ledger, { states, retired, buildRegion: factory.buildRegion })).filter(({ record }) =>
    only(record.build),
  );
  const regions = [...new Set(held.flatMap(({ amis }) => amis.map(({ region }) => region)))];
  const known = new Map(
    await Promise.all(
      regions.map(async (region) => {
        const amis = held.flatMap((one) => one.amis.flatMap((ami) => (ami.region === region ? ami.amiId : [])));
        return [region, await lookInRegion(ec2(region), amis, now)] as const;
      }),
    ),
  );
  const builds = held.flatMap(({ record, amis }) => {
    const { build, startedAt } = record;
    const revoked = revocations.get(build);
    const places = amis.flatMap((ami) => toPlace(ami, known.get(ami.region), uses({ build, region: ami.region })));
    const isReported = places.some((place) => place.known.state === "reported" || place.pendingSince);
    if (!isReported && !revoked && !published.has(build)) return [];
    return {
      image: record.image,
      build,
      startedAt,
      ...(revoked && { revoked: { at: revoked.at, reason: revoked.reason } }),
      retiring: retired.get(build)?.retirement !== undefined,
      places,
    };
  });
  return { builds, channels };
}

/** Channels that only the ledger has, then the config's, in its order. */
const namesOf = ({ images }: Factory, image: string, { channels }: State): string[] => {
  const configured = (images[image]?.channels ?? []).map(({ name }) => name);
  return [...Object.keys(channels).filter((name) => !configured.includes(name)), ...configured];
};

function toChannel(
  image: string,
  channel: string,
  { state, moves }: { readonly state: State; readonly moves: readonly HistoryEntry[] },
): FleetChannel[] {
  const pointed = state.channels[channel];
  if (!pointed) return [];
  const { build, startedAt, behind = {} } = pointed;
  const started = moves.flatMap((move) => (move.build ? [move.startedAt] : []));
  return [
    {
      image,
      channel,
      build,
      startedAt,
      kept: Object.fromEntries(
        Object.entries(behind).flatMap(([region, one]) => (one.build ? [[region, one.build]] : [])),
      ),
      started: [...new Set([...started, startedAt])],
    },
  ];
}

interface Held {
  readonly record: BuildRecord;
  readonly amis: readonly { readonly region: string; readonly amiId: AmiId }[];
}

async function listHeld(
  ledger: Ledger,
  {
    states,
    retired,
    buildRegion,
  }: {
    readonly states: ReadonlyMap<string, State>;
    readonly retired: ReadonlyMap<BuildArn, RetiredBuild>;
    readonly buildRegion: string;
  },
): Promise<Held[]> {
  const available = [...states.values()].flatMap(({ builds }) => builds.filter(({ status }) => status === "available"));
  const [gone, copiesOf] = await Promise.all([listGone(ledger), readCopies(ledger)]);
  const held = available.flatMap((record) => {
    const own = retired.get(record.build);
    // Removed by clean-up. AMIs that are pending retirement have the same record, but still exist.
    if (!own && gone.has(record.build)) return [];
    const all = amisOf(record, copiesOf(record.build), buildRegion);
    const amis = all.flatMap((one) => (isAmiId(one.amiId) ? [{ ...one, amiId: one.amiId }] : []));
    return [{ record, amis: amis.filter(({ region }) => own?.regions.get(region)?.done?.stage !== "deregistered") }];
  });
  return held.filter(({ amis }) => amis.length > 0);
}

interface Seen {
  readonly amis: ReadonlyMap<string, RetirableAmi>;
  readonly reports: ReadonlyMap<string, AmiReports>;
}

async function lookInRegion(ec2: EC2Client, amis: readonly AmiId[], now: Date): Promise<Lookup<Seen>> {
  try {
    const [described, reports] = await Promise.all([describeRetirable(ec2, amis, now), listReports(ec2)]);
    return { found: { amis: described, reports } };
  } catch (failure) {
    return { failed: failure instanceof Error ? failure.message : String(failure) };
  }
}

function toPlace(
  { region, amiId }: Held["amis"][number],
  seen: Lookup<Seen> | undefined,
  use: KnownUse | undefined,
): FleetPlace[] {
  if (!seen || "failed" in seen) {
    const why = `EC2 could not be queried (${seen?.failed ?? "no answer"})`;
    return [{ region, amiId, known: { state: "unknown", why }, unread: true }];
  }
  const ami = seen.found.amis.get(amiId);
  const report = seen.found.reports.get(amiId);
  return [
    {
      region,
      amiId,
      known: toKnown(ami, report, use?.amiId === amiId ? use : undefined),
      pendingSince: report?.pendingSince,
      newerFailed: report?.newest && report.why,
      deprecatedFrom: ami?.deprecatedFrom,
    },
  ];
}

function toKnown(ami: RetirableAmi | undefined, report: AmiReports | undefined, use: KnownUse | undefined): KnownUses {
  if (report?.newest) return { state: "reported", ...report.newest };
  const unknown = (why: string): KnownUses => ({ state: "unknown", why });
  if (!ami) return unknown("its AMI no longer exists: EC2 reports on existing AMIs only");
  if (report?.pendingSince) return unknown(`EC2 has been preparing a report since ${report.pendingSince.slice(0, 10)}`);
  if (report?.why) return unknown(report.why);
  const last = use?.reports.at(-1);
  if (last?.found.state === "missing") return unknown(last.found.why);
  if (last) return unknown(`EC2 has deleted its report of ${last.askedAt.slice(0, 10)}; it keeps them for 30 days`);
  return unknown("no report was ever requested");
}
