import type * as Sdk from "@aws-sdk/client-ec2";
import type { Call, Operations } from "../../../engine/operation.ts";
import { paginate } from "../../../engine/paging.ts";
import { type FilterFields, toPredicate } from "../filters.ts";
import { invalidCombination, requirePageSize } from "../refusals.ts";
import { tagReader } from "../resource-tags.ts";
import { type Instance, instancesOf, requireInstances, STATE_CODES } from "./instance.ts";
import { privateName, toReservation, toState } from "./to-instance.ts";

/** How long status checks report `initializing`; in AWS some minutes. */
const CHECKS_MS = 120_000;

/** The supported filters (EC2 API reference, DescribeInstances). */
const filters: FilterFields<Instance> = {
  architecture: ({ launch }) => launch.architecture,
  "availability-zone": ({ launch }) => launch.subnet.zone.name,
  "block-device-mapping.device-name": ({ volumes }) => volumes.map(({ deviceName }) => deviceName),
  "block-device-mapping.volume-id": ({ volumes }) => volumes.map(({ id }) => id),
  "client-token": ({ launch }) => launch.clientToken || undefined,
  "iam-instance-profile.arn": ({ launch }) => launch.profile?.arn,
  "image-id": ({ launch }) => launch.imageId,
  "instance-id": ({ id }) => id,
  "instance-state-code": ({ state }) => String(STATE_CODES[state]),
  "instance-state-name": ({ state }) => state,
  "instance-type": ({ launch }) => launch.instanceType,
  "instance.group-id": ({ launch }) => launch.securityGroups.map(({ id }) => id),
  "instance.group-name": ({ launch }) => launch.securityGroups.map(({ name }) => name),
  "launch-time": ({ launchedAt }) => new Date(launchedAt).toISOString(),
  "metadata-options.http-tokens": ({ launch }) => launch.metadata.HttpTokens,
  "owner-id": ({ owner }) => owner,
  "private-dns-name": (instance) => privateName(instance),
  "private-ip-address": ({ privateIp }) => privateIp,
  reason: ({ transitionReason }) => transitionReason || undefined,
  "reservation-id": ({ reservationId }) => reservationId,
  "root-device-name": ({ launch }) => launch.rootDeviceName,
  "state-reason-code": ({ stateReason }) => stateReason?.Code,
  "subnet-id": ({ launch }) => launch.subnet.id,
  "vpc-id": ({ launch }) => launch.vpcId,
};

const named = (call: Call, ids: readonly string[] | undefined): readonly Instance[] =>
  ids?.length ? requireInstances(call, ids) : [...instancesOf(call.aws, call).values()];

function requireOneOf(ids: readonly string[] | undefined, size: number | undefined): void {
  if (!ids?.length || size === undefined) return;
  throw invalidCombination("The parameter instancesSet cannot be used with the parameter maxResults");
}

const statusFilters: FilterFields<Instance> = {
  "availability-zone": ({ launch }) => launch.subnet.zone.name,
  "instance-state-code": ({ state }) => String(STATE_CODES[state]),
  "instance-state-name": ({ state }) => state,
};

export const operations = {
  /** Pages count instances, so a reservation can span two of them. */
  DescribeInstances: {
    run(input, call) {
      requireOneOf(input.InstanceIds, input.MaxResults);
      const tags = tagReader(call.aws, call);
      const passes = toPredicate(input.Filters, filters, (instance: Instance) => tags(instance.id));
      const found = named(call, input.InstanceIds).filter(passes);
      const { MaxResults: size = Number.POSITIVE_INFINITY, NextToken: token } = input;
      requirePageSize(input.MaxResults, 5, 1000);
      const { items, next } = paginate(found, token, size, "InvalidPaginationToken");
      const reservations = Map.groupBy(items, ({ reservationId }) => reservationId);
      return {
        Reservations: [...reservations].map(([id, instances]) => toReservation(call, id, instances)),
        ...(next !== undefined && { NextToken: next }),
      };
    },
  },
  /** Running instances only, unless all are requested. */
  DescribeInstanceStatus: {
    list: "InstanceStatuses",
    run(input, call) {
      requireOneOf(input.InstanceIds, input.MaxResults);
      const now = call.aws.clock.now();
      const passes = toPredicate<Instance>(input.Filters, {
        ...statusFilters,
        "instance-status.status": (instance) => checksOf(instance, now),
        "system-status.status": (instance) => checksOf(instance, now),
      });
      const asked = named(call, input.InstanceIds).filter(
        (instance) => (input.IncludeAllInstances || instance.state === "running") && passes(instance),
      );
      requirePageSize(input.MaxResults, 5, 1000);
      return { InstanceStatuses: asked.map((instance) => toStatus(instance, now)) };
    },
  },
} satisfies Operations<typeof Sdk>;

const checksOf = ({ state, since }: Instance, now: number): Sdk.SummaryStatus =>
  state !== "running" ? "not-applicable" : since + CHECKS_MS <= now ? "ok" : "initializing";

function toStatus(instance: Instance, now: number): Sdk.InstanceStatus {
  const Status = checksOf(instance, now);
  const passed = Status === "ok" ? ("passed" as const) : ("initializing" as const);
  const summary = {
    Status,
    ...(Status !== "not-applicable" && { Details: [{ Name: "reachability" as const, Status: passed }] }),
  };
  return {
    AvailabilityZone: instance.launch.subnet.zone.name,
    AvailabilityZoneId: instance.launch.subnet.zone.id,
    InstanceId: instance.id,
    InstanceState: toState(instance),
    InstanceStatus: summary,
    SystemStatus: summary,
  };
}
