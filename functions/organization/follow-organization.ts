import { LambdaClient } from "@aws-sdk/client-lambda";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import * as z from "zod";
import { readImageStates } from "../../adapters/build/image-state.ts";
import { invokeLater } from "../../adapters/functions.ts";
import { findHead, findOrganization, recordOrganization } from "../../adapters/organization/organization.ts";
import { readAccountTags, readOrganization } from "../../adapters/organization/organizations.ts";
import { ORGANIZATION, recordDriftCheck } from "../../adapters/repair/drift-checks.ts";
import { listRings } from "../../adapters/rollout/rings.ts";
import { type MirrorOf, readTries } from "../../adapters/share/consumer-tries.ts";
import { channelSource, ringSource } from "../../core/channel/plan-mirror.ts";
import { chooseRetagged } from "../../core/organization/consumer-accounts.ts";
import type { OrganizationTree } from "../../core/organization/organization-tree.ts";
import { needsTags } from "../../core/share/resolve-share.ts";
import { wavesOf } from "../channel/keep-ring.ts";
import { type ComparedRings, comparedRings, findMirrorTasks, type Mirrored } from "../channel/read-mirrored.ts";
import { forEachImage } from "../in-turn.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import { findGrantPlan } from "../share/grant-keys.ts";
import { followParameterShares, followShares } from "./follow-share.ts";

/**
 * From `reconcile`, or an Organizations call that CloudTrail reports. `known`: the organization is not read again, because
 * a channel moved and nothing else happened. `rings`: also compare the parameters of rings in accounts with the ledger.
 * Copies of channels are compared with each move, but a ring may stay unchanged for weeks.
 */
const input = z.union([
  z.strictObject({ scheduledTime: z.iso.datetime(), rings: comparedRings.optional(), known: z.boolean().optional() }),
  z.object({ source: z.literal("aws.organizations"), time: z.iso.datetime() }),
]);

const env = ["KEY_ARNS", "MIRROR_CHANNEL_FUNCTION", "KEEP_GRANTS_FUNCTION"] as const;

type FollowInvocation = Invocation<(typeof env)[number]>;

/** Reads the organization, and updates shares where accounts joined, moved or left. */
export async function followOrganization(event: z.output<typeof input>, invocation: FollowInvocation) {
  const { ledger, settings, now } = invocation;
  const asked = "source" in event ? event.time : undefined;
  // Accounts are often created in batches: a read after this event already includes its account.
  if (asked && ((await findHead(ledger))?.readAt ?? "") > asked) return { followed: [], accounts: 0 };
  const known = "known" in event && event.known ? await findOrganization(ledger) : undefined;
  const organization = known ?? (await readWithTags(invocation));
  const images = Object.entries(settings.factory.images).map(([image, config]) => ({ image, config }));
  const followed = await forEachImage(images, async ({ image, config }) => {
    const changed = await followShares(image, config, organization, invocation);
    return (await followParameterShares(image, config, organization, invocation)) + changed > 0;
  });
  // Last, so that an interrupted run follows the change again.
  const changed = !known && (await recordOrganization(ledger, { ...organization, readAt: now.toISOString() }));
  const pending = await askForConsumers(
    organization,
    { rings: "rings" in event ? event.rings : undefined },
    invocation,
  );
  // An account is ready some time after it joined; pending and failed work in accounts is checked until it is done.
  await recordDriftCheck(ledger, ORGANIZATION, now, { again: changed || pending, readAt: known?.readAt });
  return { followed, accounts: organization.accounts.length };
}

/** Reading tags costs one call per account: each run reads some, and keeps the others from before. */
async function readWithTags({ ledger, settings, client, now }: FollowInvocation): Promise<OrganizationTree> {
  const tree = await readOrganization(client(OrganizationsClient));
  const shares = Object.values(settings.factory.images).flatMap(({ channels }) => channels.map(({ share }) => share));
  if (!shares.some(needsTags)) return tree;
  const before = new Map((await findOrganization(ledger))?.accounts.map((account) => [account.id, account]));
  const retagged = new Map<string, Record<string, string>>();
  for (const id of chooseRetagged(tree.accounts, before, now)) {
    retagged.set(id, await readAccountTags(client(OrganizationsClient), id));
  }
  const accounts = tree.accounts.map((account) => {
    const tags = retagged.get(account.id) ?? before.get(account.id)?.tags;
    return tags ? { ...account, tags } : account;
  });
  return { ...tree, accounts };
}

/**
 * Invokes the work that is due in accounts that joined, left or failed before. If nothing is due, one list of grants
 * per key and ledger reads.
 * @returns whether anything is due
 */
async function askForConsumers(
  tree: OrganizationTree,
  { rings }: { readonly rings: ComparedRings | undefined },
  invocation: FollowInvocation,
): Promise<boolean> {
  const { factory, env } = invocation.settings;
  if (!factory.consumers) return false;
  const { make, revoke } = await findGrantPlan(tree, invocation);
  let pending = make.length + revoke.length > 0;
  if (pending) await invokeLater(invocation.client(LambdaClient), env.KEEP_GRANTS_FUNCTION, {});
  const ask = (turn: object) => invokeLater(invocation.client(LambdaClient), env.MIRROR_CHANNEL_FUNCTION, turn);
  const all = await readAllMirrored(invocation);
  // One invocation for a channel's copy and its rings.
  const channels = new Map<string, object>();
  for (const { at, by, mirrored } of all) {
    const tasks = findMirrorTasks({ ...at, all: false }, mirrored, tree, invocation.settings);
    pending ||= tasks.length > 0;
    if (tasks.length > 0 || mirrored.isNew) channels.set(JSON.stringify(by), { ...by, all: false });
    if (rings && at.wave !== undefined) channels.set(`${at.image} ${at.channel}`, { ...channelOf(at), rings });
  }
  for (const turn of channels.values()) await ask(turn);
  return pending;
}

const channelOf = ({ image, channel }: MirrorOf): MirrorOf => ({ image, channel });

interface Kept {
  readonly at: MirrorOf;
  /** What `mirror-channel` is invoked for: the whole channel, or a wave that has nothing left but parameters. */
  readonly by: MirrorOf;
  readonly mirrored: Mirrored & { readonly isNew: boolean };
}

/** All parameters in consumer accounts: copies of channels', and rings'. */
async function readAllMirrored({ ledger, settings }: FollowInvocation): Promise<Kept[]> {
  const { images } = settings.factory;
  const states = await readImageStates(ledger, Object.keys(images), ["channels"]);
  const tries = await readTries(ledger);
  const rings = await listRings(ledger);
  return Object.entries(images).flatMap(([image, { channels }]) =>
    channels.flatMap(({ name: channel }): Kept[] => {
      const at = { image, channel };
      const pointed = states.get(image)?.channels[channel];
      const own = new Map(
        rings.flatMap((one) => (one.image === image && one.channel === channel ? [[one.wave, one.ring]] : [])),
      );
      const configured = wavesOf(at, settings);
      const waves = new Set([...configured, ...own.keys(), ...tries.wavesOf(at)]);
      return [
        { at, by: at, mirrored: { source: channelSource(pointed), known: tries.of(at), isNew: false } },
        ...[...waves].map((wave) => {
          const ring = own.get(wave);
          const isNew = !ring && pointed !== undefined && configured.includes(wave);
          return {
            at: { ...at, wave },
            by: ring || configured.includes(wave) ? at : { ...at, wave },
            mirrored: { source: ringSource(ring), known: tries.of({ ...at, wave }), isNew },
          };
        }),
      ];
    }),
  );
}

export const handler = lambda({ input, env, run: followOrganization });
