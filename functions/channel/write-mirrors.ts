import { LambdaClient } from "@aws-sdk/client-lambda";
import { invokeLater } from "../../adapters/functions.ts";
import { MOST_ITEMS } from "../../adapters/ledger/put-all.ts";
import { readBatch } from "../../adapters/ledger/reads.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import {
  type ConsumerTry,
  type CopyTry,
  forgetTry,
  type MirrorOf,
  recordTries,
} from "../../adapters/share/consumer-tries.ts";
import { isComparedToday, type MirrorTask } from "../../core/channel/plan-mirror.ts";
import type { OrganizationTree } from "../../core/organization/organization-tree.ts";
import type { Invocation } from "../invocation.ts";
import { consumerRoleOf } from "../share/consumer-role.ts";
import { afterTry, inAccounts, MOST_ACCOUNTS, publishFailures, sayFailure } from "../share/in-accounts.ts";
import { copyName, heldProver, type ProveHeld, putCopies } from "./put-copy.ts";
import { type ComparedRings, findMirrorTasks, type MirrorReading, readMirrored } from "./read-mirrored.ts";

/**
 * The remaining work for a channel's copy and its rings, for one ring, or for the comparison of all rings; passed from
 * invocation to invocation.
 */
export interface MirrorTurn extends MirrorOf {
  /** Also checks accounts that are recorded as correct; of a channel with its rings, for the copy. */
  readonly all?: boolean;
  /** Rings only, also in accounts that are recorded as correct. */
  readonly rings?: ComparedRings | undefined;
  /** The last account that is done. */
  readonly after?: string | undefined;
}

/** A parameter's work in an account. */
interface CopyTask extends MirrorTask {
  readonly of: MirrorReading;
  readonly before: ConsumerTry | undefined;
}

/**
 * Sets parameters in a batch of accounts to what the ledger says: a session per account, and for ten parameters a
 * comparison per region. The next invocation takes the next batch. If the channel or a ring moves meanwhile, it starts
 * again, so the accounts end with the ledger's value.
 * @returns how many accounts were processed
 */
export async function writeMirrors(
  turn: MirrorTurn,
  tree: OrganizationTree,
  invocation: Invocation<"MIRROR_CHANNEL_FUNCTION">,
): Promise<number> {
  const { ledger, settings, client } = invocation;
  const { image, channel, rings, after = "" } = turn;
  const readings = await readMirrored(turn, invocation);
  const tasks = readings.flatMap((of) => tasksOf(of, turn, tree, settings));
  const byAccount = Map.groupBy(tasks, ({ account }) => account);
  const isDue = (account: string) => rings !== "turn" || isComparedToday(account, invocation.now);
  const left = [...byAccount.keys()].filter((account) => account > after && isDue(account)).toSorted();
  const now = left.slice(0, MOST_ACCOUNTS);
  const current = remembered(readings, () => readCurrent(readings, ledger));
  const failing = new Set(readings.filter(({ known }) => known.some(({ failed }) => failed !== undefined)));
  // What may have to start again after a move; a comparison that finds no difference has not overwritten one.
  const touched = new Set<MirrorReading>();
  let isRestored = false;
  const unrecorded: CopyTry[] = [];
  const prove = heldProver(invocation);
  await inAccounts(now, async (account) => {
    // A move invalidates this batch: accounts that already have the new value keep it.
    const unmoved = await current();
    const all = byAccount.get(account) ?? [];
    const own = all.filter(({ of }) => unmoved.has(of));
    for (const { of } of all) if (!rings || !unmoved.has(of)) touched.add(of);
    const puts = Map.groupBy(await putInAccount(account, own, { ...invocation, prove }), ({ copy }) => copy.task);
    for (const task of own) {
      const some = puts.get(task) ?? [];
      if (some.some(({ kind }) => kind === "failed")) failing.add(task.of);
      if (some.some(({ kind }) => kind !== "kept")) touched.add(task.of);
      isRestored ||= some.some(({ kind }) => kind === "restored");
      const tried = await toRecord(task, some, invocation);
      if (tried) unrecorded.push({ at: task.of.at, tried });
    }
    // After a crash, accounts that were not recorded are written again.
    while (unrecorded.length >= MOST_ITEMS) await recordTries(ledger, unrecorded.splice(0, MOST_ITEMS));
  });
  await recordTries(ledger, unrecorded);
  const later = (next: MirrorTurn) =>
    invokeLater(client(LambdaClient), settings.env.MIRROR_CHANNEL_FUNCTION, { ...next });
  const unmoved = await readCurrent([...touched], ledger);
  const overtaken = [...touched].filter((one) => !unmoved.has(one));
  for (const { at } of overtaken) await later({ ...at, all: true });
  // One that was changed by others: all accounts are compared.
  if (rings === "turn" && isRestored) await later({ image, channel, rings: "all" });
  if (left.length > now.length) {
    if (!overtaken.some(({ at }) => at.wave === turn.wave)) await later({ ...turn, after: now.at(-1) });
    return now.length;
  }
  for (const one of readings.filter((reading) => !overtaken.includes(reading))) {
    if (failing.has(one)) await publishFailures(one.at, invocation);
    await one.atEnd();
  }
  return now.length;
}

function tasksOf(
  of: MirrorReading,
  { all = false, rings, wave }: MirrorTurn,
  tree: OrganizationTree,
  settings: Invocation["settings"],
): CopyTask[] {
  const known = new Map(of.known.map((one) => [one.account, one]));
  const isWhole = rings !== undefined || (all && of.at.wave === wave);
  const found = findMirrorTasks({ ...of.at, all: isWhole }, of, tree, settings);
  return found.map((task) => ({ ...task, of, before: known.get(task.account) }));
}

/** Accounts are written twenty at a time: those that begin together share the answer. */
const FRESH_MS = 1_000;

function remembered(
  readings: readonly MirrorReading[],
  ask: () => Promise<ReadonlySet<MirrorReading>>,
): () => Promise<ReadonlySet<MirrorReading>> {
  // They were just read.
  let last = { at: Date.now(), answer: Promise.resolve<ReadonlySet<MirrorReading>>(new Set(readings)) };
  return () => {
    const now = Date.now();
    if (now - last.at >= FRESH_MS) last = { at: now, answer: ask() };
    return last.answer;
  };
}

/** Those that have not moved since they were read. */
async function readCurrent(readings: readonly MirrorReading[], ledger: Ledger): Promise<ReadonlySet<MirrorReading>> {
  if (readings.length === 0) return new Set();
  const versions = await readBatch(
    ledger,
    readings.map(({ version }) => version),
  );
  return new Set(readings.filter(({ seen }, nth) => versions[nth] === seen));
}

async function putInAccount(
  account: string,
  tasks: readonly CopyTask[],
  invocation: Invocation & { readonly prove: ProveHeld },
) {
  const { settings } = invocation;
  const role = consumerRoleOf(settings, account);
  const regions = new Set(tasks.flatMap(({ put, remove }) => [...Object.keys(put), ...remove]));
  const puts = [...regions].map((region) => {
    const own = tasks.filter(({ put, remove }) => put[region] || remove.includes(region));
    const copies = own.map((task) => ({
      task,
      region,
      name: copyName(task.of.at, settings),
      held: task.put[region] && task.of.source.heldAt(account, region),
      before: task.before?.amis[region],
    }));
    return putCopies(copies, { role, region }, invocation);
  });
  return (await Promise.all(puts)).flat();
}

/** @returns the account's record, if it changed */
async function toRecord(
  { of, account, put, remove, before }: CopyTask,
  puts: Awaited<ReturnType<typeof putInAccount>>,
  { ledger, now, log }: Invocation,
): Promise<ConsumerTry | undefined> {
  // The expected value by region; a region that fails is written again next time.
  const amis = { ...before?.amis };
  let failed: string | undefined;
  for (const { copy, ...came } of puts) {
    if (came.kind === "failed") {
      log.warn("not mirrored", { ...of.at, account, region: copy.region, failure: String(came.failure) });
      failed ??= sayFailure(came.failure);
    } else if (copy.held) amis[copy.region] = copy.held.amiId;
    else delete amis[copy.region];
  }
  if (failed === undefined && Object.keys(put).length === 0 && (remove.length === 0 || isEmpty(amis))) {
    await forgetTry(ledger, of.at, account);
    return undefined;
  }
  const after = afterTry(before, { account, amis, failed }, now);
  return before && isSame(after, before) ? undefined : after;
}

/** Failures are recorded each time. */
const isSame = (one: ConsumerTry, other: ConsumerTry): boolean =>
  one.failed === undefined &&
  other.failed === undefined &&
  one.told === other.told &&
  Object.keys(one.amis).length === Object.keys(other.amis).length &&
  Object.entries(one.amis).every(([region, ami]) => other.amis[region] === ami);

const isEmpty = (amis: object): boolean => Object.keys(amis).length === 0;
