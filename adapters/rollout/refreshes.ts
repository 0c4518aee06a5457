import {
  type AutoScalingClient,
  CancelInstanceRefreshCommand,
  DescribeInstanceRefreshesCommand,
  type DesiredConfiguration,
  type InstanceRefresh,
  paginateDescribeScalingActivities,
  type RefreshPreferences,
  RollbackInstanceRefreshCommand,
  StartInstanceRefreshCommand,
} from "@aws-sdk/client-auto-scaling";
import type { Refresh } from "../../core/rollout/follow-refresh.ts";
import { unlessError } from "../unless-error.ts";

/** The parameters of a refresh; EC2 Auto Scaling has no client token. */
export interface AskedRefresh {
  readonly desired: DesiredConfiguration | undefined;
  readonly preferences: RefreshPreferences;
}

const toRefresh = (one: InstanceRefresh): Refresh => ({
  id: one.InstanceRefreshId ?? "",
  status: one.Status ?? "",
  reason: one.RollbackDetails?.RollbackReason ?? one.StatusReason,
  startedAt: one.StartTime?.toISOString(),
  desired: one.DesiredConfiguration,
  preferences: { ...one.Preferences },
});

/** A group's refreshes of the last six weeks, newest first: up to 50, from one call. */
export async function listRefreshes(client: AutoScalingClient, group: string): Promise<Refresh[]> {
  const { InstanceRefreshes = [] } = await client.send(
    new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: group }),
  );
  return InstanceRefreshes.map(toRefresh);
}

/** @throws InstanceRefreshInProgress where another one is active, or an own one whose answer was lost */
export async function startRefresh(
  client: AutoScalingClient,
  group: string,
  { desired, preferences }: AskedRefresh,
): Promise<string> {
  const { InstanceRefreshId = "" } = await client.send(
    new StartInstanceRefreshCommand({
      AutoScalingGroupName: group,
      Strategy: "Rolling",
      ...(desired && { DesiredConfiguration: desired }),
      Preferences: preferences,
    }),
  );
  return InstanceRefreshId;
}

/**
 * Cancels a group's active refresh: replaced instances stay. It does not wait for instances in transition, because with
 * a revoked AMI none would ever come. @returns false where none is active
 */
export const cancelRefresh = (client: AutoScalingClient, group: string): Promise<boolean> =>
  unlessOver(
    client.send(
      new CancelInstanceRefreshCommand({ AutoScalingGroupName: group, WaitForTransitioningInstances: false }),
    ),
  );

/** Rolls a group's active refresh back to the group's configuration. @returns false where that is not possible */
export const rollBackRefresh = (client: AutoScalingClient, group: string): Promise<boolean> =>
  unlessOver(client.send(new RollbackInstanceRefreshCommand({ AutoScalingGroupName: group })));

const unlessOver = async (call: Promise<object>): Promise<boolean> =>
  (await unlessError(call, /^ActiveInstanceRefreshNotFound/)) !== undefined;

/** Why a group's latest launch since a time failed, which neither events nor refreshes report. */
export async function findLaunchFailure(
  client: AutoScalingClient,
  group: string,
  since: string | undefined,
): Promise<string | undefined> {
  const [page] = await firstPage(
    paginateDescribeScalingActivities({ client, pageSize: 20 }, { AutoScalingGroupName: group }),
  );
  const failed = (page?.Activities ?? []).find(
    ({ StatusCode, StartTime }) =>
      StatusCode === "Failed" && (since === undefined || (StartTime?.toISOString() ?? "") >= since),
  );
  return failed?.StatusMessage;
}

async function firstPage<Page>(pages: AsyncIterable<Page>): Promise<Page[]> {
  for await (const page of pages) return [page];
  return [];
}
