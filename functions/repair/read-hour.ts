import { type ImageState, readImageStates } from "../../adapters/build/image-state.ts";
import { type ChannelRecord, readChannels } from "../../adapters/channel/channels.ts";
import {
  type DriftCheckRecord,
  FULL,
  listDriftChecks,
  ORGANIZATION,
  readAnnounced,
  type WorkKind,
} from "../../adapters/repair/drift-checks.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { needsBuilds } from "../../core/repair/decide-repair.ts";
import { isLeft } from "../../core/repair/find-drift.ts";
import { rolledOutChannels } from "../../core/rollout/opening.ts";
import type { RolloutRecord } from "../../core/rollout/records.ts";
import type { RepairInvocation, States } from "./repair.ts";

export type DriftChecks = ReadonlyMap<string, DriftCheckRecord>;

export const HOUR = 3600;
/** The schedule is not exact: a check that is due within half an hour runs now. */
const EARLY = HOUR / 2;

export const isDue = (checks: DriftChecks, name: string, seconds: number, now: Date): boolean => {
  const { lookedAt } = checks.get(name) ?? {};
  return lookedAt === undefined || (now.getTime() - Date.parse(lookedAt)) / 1000 >= seconds - EARLY;
};

/** Seconds between two full checks; where events report changes, a full check only finds what the events missed. */
const betweenFullChecks = ({ cloudTrail, reconcile }: Factory): number =>
  reconcile.fullComparisonEvery ?? (cloudTrail === "none" ? HOUR : 24 * HOUR);

const isFullCheckDue = (checks: DriftChecks, { settings, now }: Pick<RepairInvocation, "settings" | "now">): boolean =>
  isDue(checks, FULL, betweenFullChecks(settings.factory), now);

export const movedName = (image: string, channel: string): string => `moved#${image}#${channel}`;

/** The state that an hourly run works with. */
export interface Hour {
  readonly states: States;
  readonly checks: DriftChecks;
  /** The announced kinds of work. */
  readonly work: ReadonlySet<WorkKind>;
  /** The channels with `rollout`, each with its newest roll-out. */
  readonly rollouts: readonly RolledOutChannel[];
  /** Channels whose last move was not compared with AWS since it ended, each by the name of its check. */
  readonly moved: readonly string[];
  /** Whether everything is compared with AWS. */
  readonly full: boolean;
  /** Whether `states` has the builds. */
  readonly built: boolean;
}

interface RolledOutChannel {
  readonly image: string;
  readonly channel: string;
  readonly record: RolloutRecord | undefined;
}

/**
 * One call: the required items of `CHANNELS`, `OPEN`, `LOOKS` and `ROLLOUTS`. `ACTIVITY`, `BUILDS` and the rest of
 * `LOOKS` are read where such work is announced, and for a full check, which also includes channels that were removed
 * from the config.
 * @param asked a full check was requested
 */
export async function readHour(
  asked: boolean,
  invocation: Pick<RepairInvocation, "ledger" | "settings" | "now">,
): Promise<Hour> {
  const { ledger, settings } = invocation;
  const images = Object.keys(settings.factory.images);
  const configured = Object.entries(settings.factory.images).flatMap(([image, { channels }]) =>
    channels.map(({ name: channel }) => ({ image, channel })),
  );
  const moved = configured.map(({ image, channel }) => movedName(image, channel));
  const followed = rolledOutChannels(settings.factory);
  const [{ work, checks, rollouts }, pointed] = await Promise.all([
    readAnnounced(ledger, [FULL, ORGANIZATION, ...moved], followed),
    readChannels(ledger, configured),
  ]);
  const full = asked || isFullCheckDue(checks, invocation);
  const unchecked = findMoved(pointed, checks, invocation.now);
  const built =
    full || needsBuilds({ work, moved: unchecked.length > 0, published: images.every((one) => pointed.has(one)) });
  const parts = [...(work.has("activity") ? (["activity"] as const) : []), ...(built ? (["builds"] as const) : [])];
  const rest: ReadonlyMap<string, Partial<ImageState>> = full
    ? await readImageStates(ledger, images)
    : await readImageStates(ledger, images, parts);
  const idle = { claim: undefined, pending: [], builds: [] };
  return {
    states: new Map(
      images.map((image) => [image, { ...idle, channels: pointed.get(image) ?? {}, ...rest.get(image) }]),
    ),
    checks: full || work.has("looks") ? await listDriftChecks(ledger) : checks,
    work,
    rollouts: followed.map(({ image, channel }, n) => ({ image, channel, record: rollouts[n] })),
    moved: unchecked,
    full,
    built,
  };
}

function findMoved(
  pointed: ReadonlyMap<string, Readonly<Record<string, ChannelRecord>>>,
  checks: DriftChecks,
  now: Date,
): string[] {
  return [...pointed].flatMap(([image, channels]) =>
    Object.entries(channels).flatMap(([channel, { movedAt, changedAt: at = movedAt }]) => {
      const checked = [checks.get(FULL), checks.get(movedName(image, channel))].some(
        (one) => one?.lookedAt !== undefined && isLeft(at, new Date(one.lookedAt)),
      );
      return isLeft(at, now) && !checked ? [movedName(image, channel)] : [];
    }),
  );
}
