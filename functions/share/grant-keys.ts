import { IAMClient } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { STSClient } from "@aws-sdk/client-sts";
import { invokeLater } from "../../adapters/functions.ts";
import { findOrganization } from "../../adapters/organization/organization.ts";
import {
  ensureAutoScalingRole,
  grantToAutoScaling,
  listAutoScalingGrants,
  revokeGrant,
} from "../../adapters/share/auto-scaling-grants.ts";
import { enterConsumer } from "../../adapters/share/consumer.ts";
import { type ConsumerTry, forgetTry, listTries, recordTry } from "../../adapters/share/consumer-tries.ts";
import { regionsOfChannel } from "../../core/channel/regions.ts";
import { findConsumers } from "../../core/organization/consumer-accounts.ts";
import type { OrganizationTree } from "../../core/organization/organization-tree.ts";
import { autoScalingRoleArn, type GrantPlan, planGrants } from "../../core/share/auto-scaling-grants.ts";
import { inAllRegions } from "../channel/in-all-regions.ts";
import type { Invocation } from "../invocation.ts";
import { consumerRoleOf } from "./consumer-role.ts";
import { afterTry, inAccounts, MOST_ACCOUNTS, publishFailures, sayFailure } from "./in-accounts.ts";
import { keysOf } from "./marks.ts";

const nameOf = (factory: string): string => `amint-${factory}-auto-scaling`;

/** The accounts that lack the key grant for their Auto Scaling, and the grants that are no longer needed. */
export async function findGrantPlan(tree: OrganizationTree, invocation: Invocation<"KEY_ARNS">): Promise<GrantPlan> {
  const { factory, place } = invocation.settings;
  const keys = keysOf(invocation);
  const wanted = new Map<string, Set<string>>([...keys.keys()].map((region) => [region, new Set()]));
  for (const image of Object.values(factory.images)) {
    for (const channel of image.channels) {
      const accounts = findConsumers(channel.share, tree, factory, place.account);
      for (const region of regionsOfChannel(factory, image, channel)) {
        for (const account of accounts) wanted.get(region)?.add(account);
      }
    }
  }
  const known = await inAllRegions([...keys.keys()], async (region) => {
    const grants = await listAutoScalingGrants(
      invocation.client(KMSClient, region),
      keys.get(region) ?? "",
      nameOf(factory.name),
    );
    return [region, grants] as const;
  });
  return planGrants(wanted, new Map(known));
}

/** Creates one account's grants immediately, before an Auto Scaling launch there. */
export async function grantTo(
  account: string,
  invocation: Invocation<"KEY_ARNS" | "KEEP_GRANTS_FUNCTION">,
): Promise<void> {
  const before = (await listTries(invocation.ledger, "grants")).find((one) => one.account === account);
  await grantInAccount({ account, regions: [...keysOf(invocation).keys()] }, before, invocation);
}

/**
 * Ensures that Auto Scaling can launch in every account and region that a channel reaches. Auto Scaling uses a
 * service-linked role, and only the account itself can create the grant for it. The next invocation continues after
 * this batch.
 * @param after the last account that is done
 */
export async function grantKeys(
  { after = "" }: { readonly after?: string | undefined },
  invocation: Invocation<"KEY_ARNS" | "KEEP_GRANTS_FUNCTION">,
) {
  const { ledger, settings, client } = invocation;
  const tree = await findOrganization(ledger);
  if (!tree || !settings.factory.consumers) return { made: 0, revoked: 0 };
  const { make, revoke } = await findGrantPlan(tree, invocation);
  const tries = await listTries(ledger, "grants");
  const known = new Map(tries.map((one) => [one.account, one]));
  const left = make.filter(({ account }) => account > after);
  const now = left.slice(0, MOST_ACCOUNTS);
  await inAccounts(now, (task) => grantInAccount(task, known.get(task.account), invocation));
  const keys = keysOf(invocation);
  await inAccounts(revoke, ({ region, id }) => revokeGrant(client(KMSClient, region), keys.get(region) ?? "", id));
  if (left.length > now.length) {
    const next = { after: now.at(-1)?.account };
    await invokeLater(client(LambdaClient), settings.env.KEEP_GRANTS_FUNCTION, next);
    return { made: now.length, revoked: revoke.length };
  }
  const failing = new Set(make.map(({ account }) => account));
  // Forget failures of accounts that lack nothing or are no longer reached.
  for (const { account } of tries) if (!failing.has(account)) await forgetTry(ledger, "grants", account);
  await publishFailures("grants", invocation);
  return { made: now.length, revoked: revoke.length };
}

async function grantInAccount(
  { account, regions }: GrantPlan["make"][number],
  before: ConsumerTry | undefined,
  invocation: Invocation<"KEY_ARNS" | "KEEP_GRANTS_FUNCTION">,
): Promise<void> {
  const { settings, client, ledger, now } = invocation;
  const { factory, place } = settings;
  const enter = (region: string) => enterConsumer(client(STSClient), consumerRoleOf(settings, account), region);
  const keys = keysOf(invocation);
  try {
    await ensureAutoScalingRole(client(IAMClient, await enter(place.region)));
    await inAllRegions(regions, async (region) => {
      const kms = client(KMSClient, await enter(region));
      const grantee = autoScalingRoleArn(place.partition, account);
      await grantToAutoScaling(kms, { key: keys.get(region) ?? "", role: grantee, name: nameOf(factory.name) });
    });
    if (before) await forgetTry(ledger, "grants", account);
  } catch (failure) {
    invocation.log.warn("no grant", { account, failure: String(failure) });
    await recordTry(ledger, "grants", afterTry(before, { account, amis: {}, failed: sayFailure(failure) }, now));
  }
}
