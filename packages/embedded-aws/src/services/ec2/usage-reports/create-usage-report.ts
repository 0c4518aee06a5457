import type * as Sdk from "@aws-sdk/client-ec2";
import { afterWork } from "../../../engine/clock/clock.ts";
import { AwsError, type Call, type Operations } from "../../../engine/operation.ts";
import { authorizeImage } from "../authorization.ts";
import { requireOwnImage } from "../find-image.ts";
import { type Instance, instancesState } from "../instances/instance.ts";
import { type LaunchTemplate, templatesState } from "../launch-templates/launch-template.ts";
import { invalidParameter, missingParameter } from "../refusals.ts";
import { addTags, specifiedTags } from "../resource-tags.ts";
import { ec2State } from "../state.ts";
import {
  COUNTED,
  type Counted,
  faultOfReport,
  KEPT_MS,
  type ReportFault,
  reportsState,
  requireReport,
  type UsageEntry,
  type UsageReport,
} from "./usage-report.ts";

const HOUR_MS = 3_600_000;

/**
 * A report may not include instance activity of the last 24 hours, and launch templates of the past few days (EC2 user
 * guide, "View your AMI usage"). Here it never does, with three days for templates, so that tests detect code that
 * relies on a report too early.
 */
const INSTANCES_LAG_MS = 24 * HOUR_MS;
const TEMPLATES_LAG_MS = 72 * HOUR_MS;

/** How many instances and launch templates of each account use an image, as a report states it. */
function countUsage(report: UsageReport, { aws, region }: Pick<Call, "aws" | "region">): UsageEntry[] {
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

/** By the state of a day earlier. */
function isUsing({ launch, launchedAt, state, since }: Instance, { imageId, createdAt }: UsageReport): boolean {
  const at = createdAt - INSTANCES_LAG_MS;
  const ended = state === "terminated" || state === "shutting-down";
  return launch.imageId === imageId && launchedAt <= at && (!ended || since > at);
}

/** It is not documented whether templates count that name the image by a parameter. */
function isNaming({ versions }: LaunchTemplate, { imageId, createdAt, versionDepth }: UsageReport): boolean {
  const known = versions.filter((version) => version.createdAt <= createdAt - TEMPLATES_LAG_MS);
  return known.slice(-versionDepth).some(({ data }) => data.ImageId === imageId);
}

/** Duration of a report; not documented, except that it depends on the number of accounts. */
const TAKES_MS = 5 * 60_000;

/** Limit of an account's pending reports (EC2 user guide, "Amazon EC2 AMI quotas"). */
const MOST_PENDING = 2_000;

const DEFAULT_DEPTH = 20;
const GREATEST_DEPTH = 10_000;

function complete(report: UsageReport, fault: ReportFault | undefined, { aws, account, region }: Call): void {
  const { reports, tokens } = aws.state(reportsState, account, region);
  afterWork(aws.clock, TAKES_MS, () => {
    if (fault === "pending") return;
    if (fault === "error") {
      report.state = "error";
      report.stateReason = "The report could not be created because of an internal error.";
      return;
    }
    report.entries = countUsage(report, { aws, region });
    report.state = "available";
  });
  aws.clock.after(KEPT_MS, () => {
    reports.delete(report.id);
    aws.state(ec2State, account, region).tags.delete(report.id);
    for (const [token, id] of tokens) if (id === report.id) tokens.delete(token);
  });
}

function toTypes(asked: readonly Sdk.ImageUsageResourceTypeRequest[] = []): Counted[] {
  if (asked.length === 0) throw missingParameter("ResourceType");
  return asked.map(({ ResourceType = "" }) => {
    const type = COUNTED.find((one) => one === ResourceType);
    if (!type) throw invalidParameter(`Invalid value '${ResourceType}' for resource type.`);
    return type;
  });
}

function toDepth(asked: readonly Sdk.ImageUsageResourceTypeRequest[] = []): number {
  for (const { ResourceType, ResourceTypeOptions = [] } of asked) {
    for (const { OptionName, OptionValues = [] } of ResourceTypeOptions) {
      const depth = Number(OptionValues[0]);
      const valid = ResourceType === "ec2:LaunchTemplate" && OptionName === "version-depth";
      if (!valid) throw invalidParameter(`Invalid option '${OptionName}' for resource type '${ResourceType}'.`);
      if (!(Number.isInteger(depth) && depth >= 1 && depth <= GREATEST_DEPTH)) {
        throw invalidParameter(`Invalid value '${OptionValues[0]}' for option '${OptionName}'.`);
      }
      return depth;
    }
  }
  return DEFAULT_DEPTH;
}

/** One pending report for an image, 2,000 for an account; the error code is not documented. */
function requireRoom(reports: readonly UsageReport[], imageId: string): void {
  const pending = reports.filter(({ state }) => state === "pending");
  if (pending.length < MOST_PENDING && !pending.some((one) => one.imageId === imageId)) return;
  throw new AwsError("ResourceLimitExceeded", "You have reached the limit of pending image usage reports.");
}

export const operations = {
  /** Starts a report of the accounts that use an image. */
  CreateImageUsageReport: {
    authorize: ({ ImageId }, call) => [authorizeImage(call, ImageId)],
    run(input, call) {
      const image = requireOwnImage(call, input.ImageId);
      const { reports, tokens } = call.aws.state(reportsState, call.account, call.region);
      const before = input.ClientToken === undefined ? undefined : tokens.get(input.ClientToken);
      if (before) return { ReportId: before };
      const types = toTypes(input.ResourceTypes);
      for (const account of input.AccountIds ?? []) {
        if (!/^\d{12}$/.test(account)) throw invalidParameter(`Invalid value '${account}' for account ID: 12 digits.`);
      }
      for (const { ResourceType } of input.TagSpecifications ?? []) {
        if (ResourceType !== "image-usage-report") {
          throw invalidParameter(`'${ResourceType}' is not a valid taggable resource type: image-usage-report.`);
        }
      }
      requireRoom([...reports.values()], image.id);
      const report: UsageReport = {
        id: `imgusgrpt-${call.aws.hexId(17)}`,
        imageId: image.id,
        types,
        versionDepth: toDepth(input.ResourceTypes),
        accounts: input.AccountIds ?? [],
        createdAt: call.aws.clock.now(),
        state: "pending",
        stateReason: undefined,
        entries: [],
      };
      reports.set(report.id, report);
      if (input.ClientToken !== undefined) tokens.set(input.ClientToken, report.id);
      addTags(call.aws, call, report.id, specifiedTags(input.TagSpecifications, "image-usage-report"));
      complete(report, faultOfReport(call, image.id), call);
      return { ReportId: report.id };
    },
  },
  DeleteImageUsageReport: {
    run({ ReportId = "" }, call) {
      const { id } = requireReport(call, ReportId);
      call.aws.state(reportsState, call.account, call.region).reports.delete(id);
      call.aws.state(ec2State, call.account, call.region).tags.delete(id);
      return { Return: true };
    },
  },
} satisfies Operations<typeof Sdk>;
