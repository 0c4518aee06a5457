import { LambdaClient } from "@aws-sdk/client-lambda";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import * as z from "zod";
import { readImageStates } from "../../adapters/build/image-state.ts";
import { invokeLater } from "../../adapters/functions.ts";
import { findHead, findOrganization, recordOrganization } from "../../adapters/organization/organization.ts";
import { readAccountTags, readOrganization } from "../../adapters/organization/organizations.ts";
import { ORGANIZATION, recordLook } from "../../adapters/repair/looks.ts";
import { readTries } from "../../adapters/share/consumer-tries.ts";
import { chooseRetagged } from "../../core/organization/consumer-accounts.ts";
import type { OrganizationTree } from "../../core/organization/organization-tree.ts";
import { needsTags } from "../../core/share/resolve-share.ts";
import { findMirrorTasks } from "../channel/write-mirrors.ts";
import { forEachImage } from "../in-turn.ts";
import { lambda } from "../lambda.ts";
import { findGrantPlan } from "../share/grant-keys.ts";
import type { Step } from "../step.ts";
import { followParameterShares, followShares } from "./follow-share.ts";

/** Asked by `reconcile`, or a call to Organizations that CloudTrail reports; whatever it was, everything is read again. */
const input = z.union([
  z.strictObject({ scheduledTime: z.iso.datetime() }),
  z.object({ source: z.literal("aws.organizations"), time: z.iso.datetime() }),
]);

const env = ["KEY_ARNS", "MIRROR_CHANNEL_FUNCTION", "KEEP_GRANTS_FUNCTION"] as const;

type FollowStep = Step<(typeof env)[number]>;

/** Reads the organization, and gives and takes AMIs where accounts joined, moved or left. */
export async function followOrganization(event: z.output<typeof input>, step: FollowStep) {
  const { ledger, settings, now } = step;
  const asked = "source" in event ? event.time : undefined;
  // Accounts are made by the dozen: what was read after this one was made has it.
  if (asked && ((await findHead(ledger))?.readAt ?? "") > asked) return { followed: [], accounts: 0 };
  const organization = await readWithTags(step);
  const images = Object.entries(settings.factory.images).map(([image, config]) => ({ image, config }));
  const followed = await forEachImage(images, async ({ image, config }) => {
    const changed = await followShares(image, config, organization, step);
    return (await followParameterShares(image, config, organization, step)) + changed > 0;
  });
  // Last, so that a change is followed again where this was interrupted.
  const changed = await recordOrganization(ledger, { ...organization, readAt: now.toISOString() });
  const pending = await askForConsumers(organization, step);
  // Accounts are ready some time after they joined; what failed or is under way in them is looked at until it is done.
  await recordLook(ledger, ORGANIZATION, now, { again: changed || pending });
  return { followed, accounts: organization.accounts.length };
}

/** Tags cost a call for each account: some are read each time, the others are as they were. */
async function readWithTags({ ledger, settings, client, now }: FollowStep): Promise<OrganizationTree> {
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
 * Sets going what is to be done in accounts that joined, left, or in which it failed before. Where nothing is to be done,
 * it costs a list of each key's grants and looks at the ledger.
 * @returns whether anything is to be done
 */
async function askForConsumers(
  tree: OrganizationTree,
  step: Step<"KEY_ARNS" | "MIRROR_CHANNEL_FUNCTION" | "KEEP_GRANTS_FUNCTION">,
): Promise<boolean> {
  const { factory, env } = step.settings;
  if (!factory.consumers) return false;
  const { make, revoke } = await findGrantPlan(tree, step);
  let pending = make.length + revoke.length > 0;
  if (pending) await invokeLater(step.client(LambdaClient), env.KEEP_GRANTS_FUNCTION, {});
  const states = await readImageStates(step.ledger, Object.keys(factory.images), ["channels"]);
  const triesOf = await readTries(step.ledger);
  for (const [image, { channels }] of Object.entries(factory.images)) {
    for (const { name: channel } of channels) {
      const mirrored = { pointed: states.get(image)?.channels[channel], known: triesOf({ image, channel }) };
      const tasks = findMirrorTasks({ image, channel, all: false }, mirrored, tree, step.settings);
      if (tasks.length === 0) continue;
      pending = true;
      await invokeLater(step.client(LambdaClient), env.MIRROR_CHANNEL_FUNCTION, { image, channel, all: false });
    }
  }
  return pending;
}

export const handler = lambda({ input, env, run: followOrganization });
