import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { EC2Client } from "@aws-sdk/client-ec2";
import { STSClient } from "@aws-sdk/client-sts";
import { listOptedIn } from "../../adapters/rollout/groups.ts";
import { listInstances } from "../../adapters/rollout/instances.ts";
import { enterConsumer, toRefusal } from "../../adapters/share/consumer.ts";
import { followedBy, type LaunchedInstance } from "../../core/rollout/group.ts";
import type { Invocation } from "../invocation.ts";
import { sayFailure } from "../share/in-accounts.ts";
import { rolloutRoleOf } from "./consumer-session.ts";

/** A channel whose instances are counted. */
export interface CountedChannel {
  readonly image: string;
  readonly channel: string;
  readonly regions: readonly string[];
}

/** By `<image>/<channel>`, an account's instances that follow it; or why they are unknown. */
export type AccountSample =
  | { readonly instances: ReadonlyMap<string, readonly LaunchedInstance[]> }
  | { readonly failed: { readonly why: string; readonly refused: boolean } };

export const nameOf = ({ image, channel }: Pick<CountedChannel, "image" | "channel">): string => `${image}/${channel}`;

/** The ledger stores a reason for each failed account. */
const LONGEST_REASON = 200;

/**
 * The instances of an account's groups that opted in to these channels, in all regions; one failed region fails all.
 */
export async function sampleAccount(
  account: string,
  channels: readonly CountedChannel[],
  invocation: Pick<Invocation, "client" | "settings" | "log">,
): Promise<AccountSample> {
  const instances = new Map<string, LaunchedInstance[]>(channels.map((channel) => [nameOf(channel), []]));
  try {
    for (const region of new Set(channels.flatMap(({ regions }) => regions))) {
      const wanted = new Set(channels.filter(({ regions }) => regions.includes(region)).map(nameOf));
      for (const [name, found] of await sampleRegion({ account, region }, wanted, invocation)) {
        instances.get(name)?.push(...found);
      }
    }
    return { instances };
  } catch (failure) {
    invocation.log.warn("instances of an account unknown", { account, failure: String(failure) });
    return { failed: { why: sayFailure(failure).slice(0, LONGEST_REASON), refused: toRefusal(failure) !== undefined } };
  }
}

async function sampleRegion(
  { account, region }: { readonly account: string; readonly region: string },
  wanted: ReadonlySet<string>,
  { client, settings }: Pick<Invocation, "client" | "settings">,
): Promise<Map<string, LaunchedInstance[]>> {
  const session = await enterConsumer(client(STSClient), rolloutRoleOf(settings, account), region);
  const groups = await listOptedIn(client(AutoScalingClient, session), { account, region });
  const channelOf = new Map(
    groups.flatMap(({ name, tags }) => {
      const followed = followedBy(tags);
      return followed && wanted.has(nameOf(followed)) ? [[name, nameOf(followed)] as const] : [];
    }),
  );
  if (channelOf.size === 0) return new Map();
  const found = await listInstances(client(EC2Client, session), [...channelOf.keys()]);
  return Map.groupBy(found, ({ group }) => channelOf.get(group) ?? "");
}
