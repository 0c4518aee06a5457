import { LambdaClient } from "@aws-sdk/client-lambda";
import * as z from "zod";
import { type BuildRecord, listBuilds } from "../../adapters/build/builds.ts";
import { invokeLater } from "../../adapters/functions.ts";
import { listRead, readBatchOf } from "../../adapters/ledger/reads.ts";
import { findOrganization } from "../../adapters/organization/organization.ts";
import { amisOf } from "../../adapters/promotion/ami-of.ts";
import { copyOf } from "../../adapters/promotion/promotion.ts";
import {
  type CellItems,
  cellsIn,
  changeCells,
  inPages,
  listOpenClocks,
  readCellItems,
  saveClock,
} from "../../adapters/rollout/exposures.ts";
import { findConsumers } from "../../core/organization/consumer-accounts.ts";
import type { OrganizationTree } from "../../core/organization/organization-tree.ts";
import type { Cell, Clock } from "../../core/rollout/clock.ts";
import {
  addSample,
  advanceClock,
  countAffected,
  isAsked,
  isCountDue,
  type Sample,
  sinceSeen,
} from "../../core/rollout/exposure.ts";
import { rolledOutChannels } from "../../core/rollout/opening.ts";
import { type BuildArn, channelName, imageName } from "../../events/ids.ts";
import { inTurn } from "../in-turn.ts";
import type { Invocation, Settings } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import { inAccounts, MOST_ACCOUNTS } from "../share/in-accounts.ts";
import { followFixes } from "./follow-fix.ts";
import { measureExposure } from "./measure-exposure.ts";
import { type AccountSample, type CountedChannel, nameOf, sampleAccount } from "./sample-account.ts";
import { closeCountEnv, setPace } from "./set-pace.ts";

const closely = z.literal(true).optional();

/**
 * A schedule: the hourly one, or that of close counts; a channel that moved, so that its fix is seen at once; or the next
 * page of accounts, from the previous invocation.
 */
const input = z.union([
  z.strictObject({ scheduledTime: z.iso.datetime(), closely }),
  z.strictObject({ image: imageName, channel: channelName }),
  z.strictObject({ page: z.int().min(1), closely }),
]);

type Asked = z.output<typeof input>;

const env = ["EVIDENCE_BUCKET", "WATCH_EXPOSURE_FUNCTION", ...closeCountEnv] as const;

type WatchInvocation = Invocation<(typeof env)[number]>;

export const handler = lambda({ input, env, run: watchExposure });

/**
 * Counts the instances that still have an advisory while its clock runs: every few hours until a channel points at the
 * fix. Without running clocks, one ledger query.
 * @returns how many accounts were read
 */
export async function watchExposure(asked: Asked, invocation: WatchInvocation): Promise<{ accounts: number }> {
  const open = await listOpenClocks(invocation.ledger);
  if (open.length === 0) {
    await setPace([], isClose(asked), invocation);
    return { accounts: 0 };
  }
  const page = "page" in asked ? asked.page : 0;
  const images = page > 0 ? new Map<string, Clock[]>() : Map.groupBy(open, ({ image }) => image);
  const { images: configured } = invocation.settings.factory;
  let accounts = 0;
  const built = new Map<string, Built>();
  // Images whose clocks may not be as they were read.
  const changing = new Set<string>();
  const fixes = [...images]
    .filter(([image]) => configured[image])
    .map(([image, clocks]) => {
      const follow = async () => {
        changing.add(image);
        const builds = await builtOf(image, built, invocation);
        const changed = await followFixes(image, { clocks, builds }, invocation);
        if (changed === 0) changing.delete(image);
        return changed;
      };
      return [`fixes of ${image}`, follow] as const;
    });
  await inTurn({
    ...Object.fromEntries(fixes),
    async accounts() {
      const clocks = changing.size > 0 ? await listOpenClocks(invocation.ledger) : open;
      if (!isHourly(asked) || clocks.some((clock) => isCountDue(clock, invocation.now))) {
        accounts = await askAccounts({ page, close: isClose(asked), clocks, built }, invocation);
      } else measureExposure(clocks, invocation);
      return accounts;
    },
  });
  return { accounts };
}

const isHourly = (asked: Asked): boolean => "scheduledTime" in asked && !isClose(asked);
const isClose = (asked: Asked): boolean => "closely" in asked && asked.closely === true;

/** A running clock, with its accounts. */
interface Running {
  readonly clock: Clock;
  readonly counted: CountedChannel;
  readonly accounts: readonly string[];
  readonly items: CellItems;
}

/** An image's available builds. */
type Built = readonly BuildRecord[];

/** Reads them once per invocation. */
async function builtOf(image: string, built: Map<string, Built>, { ledger }: WatchInvocation): Promise<Built> {
  const builds = built.get(image) ?? (await listBuilds(ledger, image)).filter(({ status }) => status === "available");
  built.set(image, builds);
  return builds;
}

interface Round {
  readonly page: number;
  readonly close: boolean;
  readonly clocks: readonly Clock[];
  readonly built: Map<string, Built>;
}

async function askAccounts({ page, close, clocks, built }: Round, invocation: WatchInvocation): Promise<number> {
  const tree = await findOrganization(invocation.ledger);
  // The organization has not been read yet.
  if (!tree) return 0;
  const running = await findRunning(clocks, tree, invocation);
  const builds = await buildsByAmi(new Set(running.map(({ counted }) => counted.image)), built, invocation);
  const asked = new Set(running.flatMap((one) => askedIn(one, close, invocation.now)));
  const pages = inPages([...new Set(running.flatMap(({ accounts }) => accounts))].toSorted());
  let done = 0;
  for (const [nth, accounts] of pages.entries()) {
    const own = accounts.filter((account) => asked.has(account));
    if (nth < page || own.length === 0) continue;
    if (done > 0 && done + own.length > MOST_ACCOUNTS) {
      const next = { page: nth, ...(close && { closely: true }) };
      await invokeLater(invocation.client(LambdaClient), invocation.settings.env.WATCH_EXPOSURE_FUNCTION, next);
      return done;
    }
    await askPage({ accounts, asked: own }, running, builds, invocation);
    done += own.length;
  }
  await setPace(await endRound(running, invocation), close, invocation);
  return done;
}

function askedIn({ clock, accounts, items }: Running, close: boolean, now: Date): string[] {
  const cells = cellsIn(items);
  return accounts.filter((account) => isAsked(cells.get(account), clock, { close, now }));
}

/** Stops clocks of channels that no longer have a roll-out. */
async function findRunning(
  open: readonly Clock[],
  tree: OrganizationTree,
  invocation: WatchInvocation,
): Promise<Running[]> {
  const { settings, ledger, now } = invocation;
  const channels = new Map(
    rolledOutChannels(settings.factory).map((one) => [nameOf(one), { one, accounts: reachedBy(one, tree, settings) }]),
  );
  const running: Running[] = [];
  for (const clock of open) {
    const found = channels.get(nameOf(clock));
    if (found) {
      const items = await readCellItems(ledger, clock);
      running.push({ clock, counted: found.one, accounts: found.accounts, items });
    } else await saveClock(ledger, clock, { ...clock, ended: { at: now.toISOString(), why: "not-rolled-out" } });
  }
  return running;
}

const reachedBy = (
  { share }: ReturnType<typeof rolledOutChannels>[number],
  tree: OrganizationTree,
  { factory, place }: Settings,
): string[] => {
  const active = new Set(tree.accounts.filter((account) => account.active).map(({ id }) => id));
  return findConsumers(share, tree, factory, place.account).filter((account) => active.has(account));
};

type BuildsByAmi = ReadonlyMap<string, { readonly build: BuildArn; readonly startedAt: string }>;

async function buildsByAmi(
  images: ReadonlySet<string>,
  built: Map<string, Built>,
  invocation: WatchInvocation,
): Promise<BuildsByAmi> {
  const { buildRegion, regions } = invocation.settings.factory;
  const builds: BuildRecord[] = [];
  for (const image of images) builds.push(...(await builtOf(image, built, invocation)));
  const copies = await readBatchOf(invocation.ledger, builds, ({ build }) => [
    listRead(regions.map((one) => copyOf(build, one))),
  ]);
  const found = new Map<string, { readonly build: BuildArn; readonly startedAt: string }>();
  for (const [one, [some]] of copies) {
    const copied = some.flatMap((copy) => copy ?? []);
    for (const { amiId } of amisOf(one, copied, buildRegion)) found.set(amiId, one);
  }
  return found;
}

async function askPage(
  { accounts, asked }: { readonly accounts: readonly string[]; readonly asked: readonly string[] },
  running: readonly Running[],
  builds: BuildsByAmi,
  invocation: WatchInvocation,
): Promise<void> {
  const samples = new Map<string, AccountSample>();
  await inAccounts(asked, async (account) => {
    const channels = new Map(
      running.filter((one) => one.accounts.includes(account)).map(({ counted }) => [nameOf(counted), counted]),
    );
    samples.set(account, await sampleAccount(account, [...channels.values()], invocation));
  });
  for (const { clock, accounts: own, items } of running) {
    const reached = accounts.filter((account) => own.includes(account));
    if (!reached.some((account) => samples.has(account))) continue;
    const change = (account: string, before: Cell | undefined): Cell | undefined => {
      const sample = samples.get(account);
      return sample ? addSample(before, toSample(clock, sample, builds, invocation.now)) : before;
    };
    await changeCells(invocation.ledger, clock, reached, { items, change, now: invocation.now });
  }
}

function toSample(clock: Clock, sample: AccountSample, builds: BuildsByAmi, now: Date): Sample {
  const at = sinceSeen(clock, now);
  if ("failed" in sample) return { at, failed: sample.failed };
  return { at, ...countAffected(clock, sample.instances.get(nameOf(clock)) ?? [], builds) };
}

/** All accounts are read: evaluates the clocks once per round. @returns the clocks as they are now */
async function endRound(running: readonly Running[], invocation: WatchInvocation): Promise<Clock[]> {
  const { ledger, now } = invocation;
  const clocks: Clock[] = [];
  for (const { clock, accounts, items } of running) {
    const after = advanceClock(clock, cellsIn(items), { accounts, now });
    if (await saveClock(ledger, clock, after)) clocks.push(after);
  }
  measureExposure(clocks, invocation);
  return clocks;
}
