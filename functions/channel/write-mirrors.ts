import { LambdaClient } from "@aws-sdk/client-lambda";
import { invokeLater } from "../../adapters/functions.ts";
import { MOST_ITEMS } from "../../adapters/ledger/put-all.ts";
import { type ConsumerTry, forgetTry, type MirrorOf, recordTries } from "../../adapters/share/consumer-tries.ts";
import type { MirrorTask } from "../../core/channel/plan-mirror.ts";
import type { OrganizationTree } from "../../core/organization/organization-tree.ts";
import type { Invocation } from "../invocation.ts";
import { consumerRoleOf } from "../share/consumer-role.ts";
import { afterTry, inAccounts, MOST_ACCOUNTS, publishFailures, sayFailure } from "../share/in-accounts.ts";
import { inAllRegions } from "./in-all-regions.ts";
import { copyName, heldProver, type ProveHeld, putCopy } from "./put-copy.ts";
import { findMirrorTasks, type MirrorReading, readMirrored } from "./read-mirrored.ts";

/** The remaining work for one channel or ring, passed from invocation to invocation. */
export interface MirrorTurn extends MirrorOf {
  /** Also checks accounts that are recorded as correct. */
  readonly all: boolean;
  /** The last account that is done. */
  readonly after?: string | undefined;
}

/**
 * Sets parameters in a batch of accounts to what the ledger says; the next invocation takes the next batch. If the
 * channel or ring moves meanwhile, it starts again, so the accounts end with the ledger's value.
 * @returns how many accounts were processed
 */
export async function writeMirrors(
  turn: MirrorTurn,
  tree: OrganizationTree,
  invocation: Invocation<"MIRROR_CHANNEL_FUNCTION">,
): Promise<number> {
  const { ledger, settings, client } = invocation;
  const { after = "", all: _, ...at } = turn;
  const mirrored = await readMirrored(at, invocation);
  const known = new Map(mirrored.known.map((one) => [one.account, one]));
  const tasks = findMirrorTasks(turn, mirrored, tree, settings);
  const left = tasks.filter(({ account }) => account > after);
  const now = left.slice(0, MOST_ACCOUNTS);
  const prove = heldProver(invocation);
  const isCurrent = remembered(mirrored.isCurrent);
  let isFailing = mirrored.known.some(({ failed }) => failed !== undefined);
  const unrecorded: ConsumerTry[] = [];
  await inAccounts(now, async (task) => {
    const reading = { ...mirrored, isCurrent };
    const tried = await mirrorInAccount(
      at,
      task,
      { mirrored: reading, before: known.get(task.account) },
      { ...invocation, prove },
    );
    isFailing ||= tried?.failed !== undefined;
    if (tried) unrecorded.push(tried);
    // After a crash, accounts that were not recorded are written again.
    if (unrecorded.length >= MOST_ITEMS) await recordTries(ledger, at, unrecorded.splice(0));
  });
  await recordTries(ledger, at, unrecorded);
  const later = (next: MirrorTurn) =>
    invokeLater(client(LambdaClient), settings.env.MIRROR_CHANNEL_FUNCTION, { ...next });
  const moved = now.length > 0 && !(await mirrored.isCurrent());
  if (moved) await later({ ...at, all: true });
  else if (left.length > now.length) await later({ ...turn, after: now.at(-1)?.account });
  else {
    if (isFailing) await publishFailures(at, invocation);
    await mirrored.atEnd();
  }
  return now.length;
}

/** Accounts are written twenty at a time: those that begin together share the answer. */
const FRESH_MS = 1_000;

function remembered(ask: () => Promise<boolean>): () => Promise<boolean> {
  let last: { readonly at: number; readonly answer: Promise<boolean> } | undefined;
  return () => {
    const now = Date.now();
    if (!last || now - last.at >= FRESH_MS) last = { at: now, answer: ask() };
    return last.answer;
  };
}

interface InAccount {
  readonly mirrored: MirrorReading;
  readonly before: ConsumerTry | undefined;
}

/** @returns the account's record, if it changed */
async function mirrorInAccount(
  at: MirrorOf,
  { account, put, remove }: MirrorTask,
  { mirrored, before }: InAccount,
  invocation: Invocation & { readonly prove: ProveHeld },
): Promise<ConsumerTry | undefined> {
  const { settings, ledger } = invocation;
  // A move invalidates this batch: accounts that already have the new value keep it.
  if (!(await mirrored.isCurrent())) return undefined;
  const name = copyName(at, settings);
  const role = consumerRoleOf(settings, account);
  // The expected value by region; a region that fails is written again next time.
  const amis = { ...before?.amis };
  let failed: string | undefined;
  try {
    await inAllRegions([...Object.keys(put), ...remove], async (region) => {
      const held = put[region] && mirrored.source.heldAt(account, region);
      const ami = await putCopy({ name, held, before: before?.amis[region] }, { role, region }, invocation);
      if (ami) amis[region] = ami;
      else delete amis[region];
    });
  } catch (failure) {
    invocation.log.warn("not mirrored", { ...at, account, failure: String(failure) });
    failed = sayFailure(failure);
  }
  if (failed === undefined && Object.keys(put).length === 0 && (remove.length === 0 || isEmpty(amis))) {
    await forgetTry(ledger, at, account);
    return undefined;
  }
  const after = afterTry(before, { account, amis, failed }, invocation.now);
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
