import { LambdaClient } from "@aws-sdk/client-lambda";
import { SSMClient } from "@aws-sdk/client-ssm";
import { STSClient } from "@aws-sdk/client-sts";
import * as z from "zod";
import { readParameters } from "../../adapters/channel/parameters.ts";
import { invokeLater } from "../../adapters/functions.ts";
import { findOrganization } from "../../adapters/organization/organization.ts";
import type { RingOf } from "../../adapters/rollout/rings.ts";
import { enterConsumer } from "../../adapters/share/consumer.ts";
import { isComparedToday, type MirrorTask } from "../../core/channel/plan-mirror.ts";
import type { Invocation } from "../invocation.ts";
import { consumerRoleOf } from "../share/consumer-role.ts";
import { inAccounts, MOST_ACCOUNTS } from "../share/in-accounts.ts";
import { type ChannelOf, inAllRegions } from "./in-all-regions.ts";
import { copyName } from "./put-copy.ts";
import { findMirrorTasks, readRings } from "./read-mirrored.ts";

type Comparing = Invocation<"MIRROR_CHANNEL_FUNCTION">;

/** All accounts, or only those whose turn it is today. */
export const comparedRings = z.enum(["all", "turn"]);
export type ComparedRings = z.output<typeof comparedRings>;

interface RingTask extends MirrorTask {
  readonly ring: RingOf;
}

/**
 * Compares the parameters of all rings of a channel in a batch of accounts with the ledger: a session per account, and
 * a call per region for ten rings. Rings that differ anywhere, or that could not be read, are written as after a move.
 * @returns how many accounts were compared
 */
export async function compareRings(
  at: ChannelOf & { readonly rings: ComparedRings; readonly after?: string | undefined },
  invocation: Comparing,
) {
  const { ledger, settings, client } = invocation;
  const { image, channel, rings, after = "" } = at;
  const tree = await findOrganization(ledger);
  if (!tree) return 0;
  const listed = (await readRings({ image, channel }, invocation)).flatMap(({ at: ring, ...mirrored }) =>
    findMirrorTasks({ ...ring, all: true }, mirrored, tree, settings).map((task): RingTask => ({ ...task, ring })),
  );
  const tasks = Map.groupBy(listed, ({ account }) => account);
  const isDue = (account: string) => rings === "all" || isComparedToday(account, invocation.now);
  const left = [...tasks.keys()].filter((account) => account > after && isDue(account)).toSorted();
  const now = left.slice(0, MOST_ACCOUNTS);
  const odd = new Set<string>();
  await inAccounts(now, async (account) => {
    const own = tasks.get(account) ?? [];
    for (const wave of await findOdd(account, own, invocation)) odd.add(wave);
  });
  const later = (turn: object) =>
    invokeLater(client(LambdaClient), settings.env.MIRROR_CHANNEL_FUNCTION, { image, channel, ...turn });
  for (const wave of odd) await later({ wave, all: true });
  if (left.length > now.length) await later({ rings, after: now.at(-1) });
  return now.length;
}

/** The waves whose rings do not have their values in an account. */
async function findOdd(account: string, tasks: readonly RingTask[], invocation: Comparing): Promise<string[]> {
  const { client, settings } = invocation;
  const role = consumerRoleOf(settings, account);
  const regions = new Set(tasks.flatMap(({ put }) => Object.keys(put)));
  const odd = tasks.filter(({ remove }) => remove.length > 0);
  try {
    await inAllRegions([...regions], async (region) => {
      const ssm = client(SSMClient, await enterConsumer(client(STSClient), role, region));
      const wanted = tasks.flatMap((task) => {
        const ami = task.put[region];
        return ami ? [{ task, ami, name: copyName(task.ring, settings) }] : [];
      });
      const found = await readParameters(
        ssm,
        wanted.map(({ name }) => name),
      );
      odd.push(...wanted.filter(({ name, ami }) => found.get(name) !== ami).map(({ task }) => task));
    });
  } catch (failure) {
    // The writer enters the account again, and records what fails.
    invocation.log.warn("rings of an account not compared", { account, failure: String(failure) });
    odd.push(...tasks);
  }
  return odd.map(({ ring }) => ring.wave);
}
