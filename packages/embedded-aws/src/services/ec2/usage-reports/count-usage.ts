import type { Call } from "../../../engine/operation.ts";
import { type Instance, instancesState } from "../instances/instance.ts";
import { type LaunchTemplate, templatesState } from "../launch-templates/launch-template.ts";
import type { UsageEntry, UsageReport } from "./usage-report.ts";

const HOUR_MS = 3_600_000;

/**
 * A report may miss what instances did within the last 24 hours, and launch templates within the past few days (EC2 user
 * guide, "View your AMI usage"). Here it always does, with three days for the templates: who trusts one report too
 * early finds out.
 */
const INSTANCES_LAG_MS = 24 * HOUR_MS;
const TEMPLATES_LAG_MS = 72 * HOUR_MS;

/** How many instances and launch templates of each account use an image, as a report tells it. */
export function countUsage(report: UsageReport, { aws, region }: Pick<Call, "aws" | "region">): UsageEntry[] {
  const entries: UsageEntry[] = [];
  const add = (account: string, type: UsageEntry["type"], count: number) => {
    const asked = report.accounts.length === 0 || report.accounts.includes(account);
    if (count > 0 && asked && report.types.includes(type)) entries.push({ account, type, count });
  };
  for (const { account, region: where, state } of aws.places(instancesState)) {
    if (where !== region) continue;
    add(account, "ec2:Instance", [...state.instances.values()].filter((one) => isUsing(one, report)).length);
  }
  for (const { account, region: where, state } of aws.places(templatesState)) {
    if (where !== region) continue;
    add(account, "ec2:LaunchTemplate", [...state.templates.values()].filter((one) => isNaming(one, report)).length);
  }
  return entries.toSorted(
    (one, other) => one.account.localeCompare(other.account) || one.type.localeCompare(other.type),
  );
}

/** As things stood a day before. */
function isUsing({ launch, launchedAt, state, since }: Instance, { imageId, createdAt }: UsageReport): boolean {
  const at = createdAt - INSTANCES_LAG_MS;
  const ended = state === "terminated" || state === "shutting-down";
  return launch.imageId === imageId && launchedAt <= at && (!ended || since > at);
}

/** Templates that name the image by a parameter are not documented to count. */
function isNaming({ versions }: LaunchTemplate, { imageId, createdAt, versionDepth }: UsageReport): boolean {
  const known = versions.filter((version) => version.createdAt <= createdAt - TEMPLATES_LAG_MS);
  return known.slice(-versionDepth).some(({ data }) => data.ImageId === imageId);
}
