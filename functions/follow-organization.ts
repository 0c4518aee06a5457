import { OrganizationsClient } from "@aws-sdk/client-organizations";
import * as z from "zod";
import { ORGANIZATION, recordLook } from "../adapters/ledger/looks.ts";
import { findHead, findOrganization, recordOrganization } from "../adapters/ledger/organization.ts";
import { readAccountTags, readOrganization } from "../adapters/organizations.ts";
import { chooseRetagged } from "../core/share/choose-retagged.ts";
import type { OrganizationTree } from "../core/share/organization-tree.ts";
import { needsTags } from "../core/share/resolve-share.ts";
import { forEachImage } from "./lib/for-each-image.ts";
import { lambda } from "./lib/lambda.ts";
import { askForConsumers } from "./lib/share/ask-for-consumers.ts";
import { followParameterShares } from "./lib/share/follow-parameter-shares.ts";
import { followShares } from "./lib/share/follow-share.ts";
import type { Step } from "./lib/step.ts";

/** Asked by `reconcile`, or a call to Organizations that CloudTrail reports; whatever it was, everything is read again. */
const input = z.union([
  z.strictObject({ scheduledTime: z.iso.datetime() }),
  z.object({ source: z.literal("aws.organizations"), time: z.iso.datetime() }),
]);

const env = ["KEY_ARNS", "MIRROR_CHANNEL_FUNCTION", "KEEP_GRANTS_FUNCTION"] as const;
type FollowStep = Step<(typeof env)[number]>;

export const handler = lambda({ input, env, run: followOrganization });

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
