import { LambdaClient } from "@aws-sdk/client-lambda";
import { SSMClient } from "@aws-sdk/client-ssm";
import { STSClient } from "@aws-sdk/client-sts";
import { type ChannelRecord, findChannel } from "../../adapters/channel/channels.ts";
import { mirrorAmi } from "../../adapters/channel/mirror.ts";
import { removeParameter } from "../../adapters/channel/parameters.ts";
import { invokeLater } from "../../adapters/functions.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import { findOrganization } from "../../adapters/organization/organization.ts";
import { enterConsumer } from "../../adapters/share/consumer.ts";
import { type ConsumerTry, forgetTry, listTries, recordTry } from "../../adapters/share/consumer-tries.ts";
import { heldIn, parametersOf } from "../../core/channel/held-regions.ts";
import { type MirrorTask, planMirror } from "../../core/channel/plan-mirror.ts";
import { mirrorParameter } from "../../core/names.ts";
import { findConsumers } from "../../core/organization/consumer-accounts.ts";
import type { OrganizationTree } from "../../core/organization/organization-tree.ts";
import type { Proven } from "../../core/share/decide-proof.ts";
import { consumerRoleOf } from "../share/consumer-role.ts";
import { afterTry, inAccounts, MOST_ACCOUNTS, sayFailure, tellFailures } from "../share/in-accounts.ts";
import { prover } from "../share/prove-artifact.ts";
import type { Settings, Step } from "../step.ts";
import { type ChannelOf, inAllRegions } from "./in-all-regions.ts";

/** What is still to be done for one channel, as the next invocation is told. */
export interface MirrorTurn extends ChannelOf {
  /** Also what is known to be right is looked at. */
  readonly all: boolean;
  /** Accounts up to this one had their turn. */
  readonly after?: string | undefined;
}

/** What the ledger knows of a channel and its copies. */
interface Mirrored {
  readonly pointed: ChannelRecord | undefined;
  readonly known: readonly ConsumerTry[];
}

const readMirrored = async ({ image, channel }: ChannelOf, ledger: Ledger): Promise<Mirrored> => ({
  pointed: await findChannel(ledger, image, channel),
  known: await listTries(ledger, { image, channel }),
});

/** What a channel's accounts lack, by what the ledger knows: no account is entered to find it out. */
export function findMirrorTasks(
  { image, channel, all }: Omit<MirrorTurn, "after">,
  { pointed, known }: Mirrored,
  tree: OrganizationTree,
  { factory, place }: Settings,
): MirrorTask[] {
  // A channel that the config has no more reaches nobody.
  const share = factory.images[image]?.channels.find(({ name }) => name === channel)?.share;
  const mirrored = share && factory.consumers?.mirror;
  const members = new Set(tree.accounts.filter(({ active }) => active).map(({ id }) => id));
  return planMirror(known, {
    accounts: mirrored ? findConsumers(share, tree, factory, place.account) : [],
    amis: parametersOf(pointed),
    isMember: (account) => members.has(account),
    all,
  });
}

/**
 * Makes the copies of a channel's parameter say what it says, in the accounts whose turn it is; the others' is the next
 * invocation's. Where the channel was moved meanwhile it begins anew, so that the last word is the channel's.
 * @returns how many accounts were seen to
 */
export async function writeMirrors(turn: MirrorTurn, step: Step<"MIRROR_CHANNEL_FUNCTION">): Promise<number> {
  const { ledger, settings, client } = step;
  const { image, channel, after = "" } = turn;
  // Nobody knows yet who is in the organization; whoever reads it asks for this.
  const tree = await findOrganization(ledger);
  if (!tree) return 0;
  const mirrored = await readMirrored(turn, ledger);
  const { pointed } = mirrored;
  const known = new Map(mirrored.known.map((one) => [one.account, one]));
  const left = findMirrorTasks(turn, mirrored, tree, settings).filter(({ account }) => account > after);
  const now = left.slice(0, MOST_ACCOUNTS);
  const prove = provenIn(pointed, step);
  await inAccounts(now, (task) =>
    mirrorInAccount({ image, channel }, task, known.get(task.account), { ...step, prove }),
  );
  const later = (next: MirrorTurn) =>
    invokeLater(client(LambdaClient), settings.env.MIRROR_CHANNEL_FUNCTION, { ...next });
  const last = await findChannel(ledger, image, channel);
  const moved = last?.movedAt !== pointed?.movedAt || last?.changedAt !== pointed?.changedAt;
  if (moved && now.length > 0) await later({ image, channel, all: true });
  else if (left.length > now.length) await later({ ...turn, after: now.at(-1)?.account });
  else await tellFailures({ image, channel }, step);
  return now.length;
}

/** A channel's artifact in a region, proven once for all accounts. */
function provenIn(pointed: ChannelRecord | undefined, step: Step): (region: string) => Promise<Proven | undefined> {
  const prove = prover(step);
  const proven = new Map<string, Promise<Proven | undefined>>();
  return (region) => {
    const held = heldIn(pointed, region);
    const proving =
      proven.get(region) ??
      (held ? prove({ build: held.build, region, artifact: held.amiId }) : Promise.resolve(undefined));
    proven.set(region, proving);
    return proving;
  };
}

async function mirrorInAccount(
  at: ChannelOf,
  { account, put, remove }: MirrorTask,
  before: ConsumerTry | undefined,
  step: Step<"MIRROR_CHANNEL_FUNCTION"> & { readonly prove: ReturnType<typeof provenIn> },
): Promise<void> {
  const { settings, client, ledger } = step;
  const name = mirrorParameter(settings.factory.name, at.image, at.channel);
  const role = consumerRoleOf(settings, account);
  // By region, what its parameter says once this is over; what fails midway is written anew the next time.
  const amis = { ...before?.amis };
  let failed: string | undefined;
  try {
    await inAllRegions([...Object.keys(put), ...remove], async (region) => {
      const ami = put[region] && (await step.prove(region));
      const ssm = client(SSMClient, await enterConsumer(client(STSClient), role, region));
      if (ami) await mirrorAmi(ssm, { name, ami, before: before?.amis[region] }, step.wait);
      else await removeParameter(ssm, name);
      if (ami) amis[region] = ami;
      else delete amis[region];
    });
  } catch (failure) {
    step.log.warn("not mirrored", { ...at, account, failure: String(failure) });
    failed = sayFailure(failure);
  }
  if (failed === undefined && Object.keys(put).length === 0 && (remove.length === 0 || isEmpty(amis))) {
    await forgetTry(ledger, at, account);
  } else await recordTry(ledger, at, afterTry(before, { account, amis, failed }, step.now));
}

const isEmpty = (amis: object): boolean => Object.keys(amis).length === 0;
