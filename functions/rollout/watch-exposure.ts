import { LambdaClient } from "@aws-sdk/client-lambda";
import * as z from "zod";
import { listBuilds } from "../../adapters/build/builds.ts";
import { invokeLater } from "../../adapters/functions.ts";
import { findOrganization } from "../../adapters/organization/organization.ts";
import { listAmis } from "../../adapters/promotion/ami-of.ts";
import { changeCells, inPages, listOpenClocks, readCells, saveClock } from "../../adapters/rollout/exposures.ts";
import { findConsumers } from "../../core/organization/consumer-accounts.ts";
import type { OrganizationTree } from "../../core/organization/organization-tree.ts";
import type { Cell, Clock } from "../../core/rollout/clock.ts";
import { addSample, advanceClock, countAffected, type Sample, sinceSeen } from "../../core/rollout/exposure.ts";
import { rolledOutChannels } from "../../core/rollout/rolled-out.ts";
import { type BuildArn, channelName, imageName } from "../../events/ids.ts";
import { inTurn } from "../in-turn.ts";
import { lambda } from "../lambda.ts";
import { inAccounts, MOST_ACCOUNTS } from "../share/in-accounts.ts";
import type { Settings, Step } from "../step.ts";
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

type WatchStep = Step<(typeof env)[number]>;

export const handler = lambda({ input, env, run: watchExposure });

/**
 * Counts the instances that still have an advisory while its clock runs. Without running clocks, one ledger query.
 * @returns how many accounts were read
 */
export async function watchExposure(asked: Asked, step: WatchStep): Promise<{ accounts: number }> {
  const open = await listOpenClocks(step.ledger);
  if (open.length === 0) {
    await setPace([], isClose(asked), step);
    return { accounts: 0 };
  }
  const page = "page" in asked ? asked.page : 0;
  const images = page > 0 ? new Map<string, Clock[]>() : Map.groupBy(open, ({ image }) => image);
  const { images: configured } = step.settings.factory;
  let accounts = 0;
  const fixes = [...images]
    .filter(([image]) => configured[image])
    .map(([image, clocks]) => [`fixes of ${image}`, () => followFixes(image, clocks, step)] as const);
  await inTurn({
    ...Object.fromEntries(fixes),
    async accounts() {
      accounts = await askAccounts(page, isClose(asked), step);
      return accounts;
    },
  });
  return { accounts };
}

const isClose = (asked: Asked): boolean => "closely" in asked && asked.closely === true;

/** A running clock, with its accounts. */
interface Running {
  readonly clock: Clock;
  readonly counted: CountedChannel;
  readonly accounts: readonly string[];
}

async function askAccounts(page: number, close: boolean, step: WatchStep): Promise<number> {
  const tree = await findOrganization(step.ledger);
  // The organization has not been read yet.
  if (!tree) return 0;
  const running = await findRunning(await listOpenClocks(step.ledger), tree, step);
  const builds = await buildsByAmi(new Set(running.map(({ counted }) => counted.image)), step);
  const everyone = [...new Set(running.flatMap(({ accounts }) => accounts))].toSorted();
  const pages = inPages(everyone);
  let asked = 0;
  for (const [nth, accounts] of pages.entries()) {
    if (nth < page || accounts.length === 0) continue;
    if (asked > 0 && asked + accounts.length > MOST_ACCOUNTS) {
      const next = { page: nth, ...(close && { closely: true }) };
      await invokeLater(step.client(LambdaClient), step.settings.env.WATCH_EXPOSURE_FUNCTION, next);
      return asked;
    }
    await askPage(accounts, running, builds, step);
    asked += accounts.length;
  }
  await setPace(await endRound(running, step), close, step);
  return asked;
}

/** Stops clocks of channels that no longer have a roll-out. */
async function findRunning(open: readonly Clock[], tree: OrganizationTree, step: WatchStep): Promise<Running[]> {
  const { settings, ledger, now } = step;
  const channels = new Map(
    rolledOutChannels(settings.factory).map((one) => [nameOf(one), { one, accounts: reachedBy(one, tree, settings) }]),
  );
  const running: Running[] = [];
  for (const clock of open) {
    const found = channels.get(nameOf(clock));
    if (found) running.push({ clock, counted: found.one, accounts: found.accounts });
    else await saveClock(ledger, clock, { ...clock, ended: { at: now.toISOString(), why: "not-rolled-out" } });
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

async function buildsByAmi(images: ReadonlySet<string>, { ledger, settings }: WatchStep): Promise<BuildsByAmi> {
  const found = new Map<string, { readonly build: BuildArn; readonly startedAt: string }>();
  for (const image of images) {
    const builds = (await listBuilds(ledger, image)).filter(({ status }) => status === "available");
    const amis = await Promise.all(builds.map((one) => listAmis(ledger, one, settings.factory.buildRegion)));
    for (const [nth, { build, startedAt }] of builds.entries()) {
      for (const { amiId } of amis[nth] ?? []) found.set(amiId, { build, startedAt });
    }
  }
  return found;
}

async function askPage(
  accounts: readonly string[],
  running: readonly Running[],
  builds: BuildsByAmi,
  step: WatchStep,
): Promise<void> {
  const samples = new Map<string, AccountSample>();
  await inAccounts(accounts, async (account) => {
    const channels = new Map(
      running.filter((one) => one.accounts.includes(account)).map(({ counted }) => [nameOf(counted), counted]),
    );
    samples.set(account, await sampleAccount(account, [...channels.values()], step));
  });
  for (const { clock, accounts: own } of running) {
    const reached = accounts.filter((account) => own.includes(account));
    if (reached.length === 0) continue;
    const change = (account: string, before: Cell | undefined): Cell =>
      addSample(before, toSample(clock, samples.get(account), builds, step.now));
    await changeCells(step.ledger, clock, reached, { change, now: step.now });
  }
}

function toSample(clock: Clock, sample: AccountSample | undefined, builds: BuildsByAmi, now: Date): Sample {
  const at = sinceSeen(clock, now);
  if (!sample || "failed" in sample) {
    return { at, failed: sample?.failed ?? { why: "the account was not read", refused: false } };
  }
  return { at, ...countAffected(clock, sample.instances.get(nameOf(clock)) ?? [], builds) };
}

/** All accounts are read: evaluates the clocks once per round. @returns the clocks as they are now */
async function endRound(running: readonly Running[], step: WatchStep): Promise<Clock[]> {
  const { ledger, now } = step;
  const clocks: Clock[] = [];
  for (const { clock, accounts } of running) {
    const after = advanceClock(clock, await readCells(ledger, clock), { accounts, now });
    if (await saveClock(ledger, clock, after)) clocks.push(after);
  }
  measureExposure(clocks, step);
  return clocks;
}
