import type * as Sdk from "@aws-sdk/client-inspector2";
import { afterWork } from "../../engine/clock/clock.ts";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { type RunningInstance, runningInstances } from "../imagebuilder/build/launch-instance.ts";
import { instancePrincipal } from "../imagebuilder/build/simulated-instance.ts";
import { instancePlan, type SimulatedCisCheck, simulatedDurations } from "../imagebuilder/simulation.ts";
import { callService } from "../imagebuilder/state.ts";
import { requestTagContext, resourceTagContext } from "../tag-context.ts";
import {
  accessDenied,
  badRequest,
  type CisCheck,
  type CisScanRecord,
  type CisTarget,
  inspectorState,
  requireConfiguration,
  scansInstances,
} from "./state.ts";

export const operations = {
  /** A one-time scan starts at once, and its configuration stays. */
  CreateCisScanConfiguration: {
    authorize: ({ tags }, call) => [
      { resources: [configurationArn(call, "*")], context: requestTagContext(Object.entries(tags ?? {})) },
    ],
    run({ scanName, securityLevel, schedule, targets, tags }, call) {
      const kinds = Object.keys(schedule ?? {});
      if (kinds.length !== 1) throw badRequest(`A schedule must have exactly one kind, found ${kinds.length}.`);
      if (!schedule?.oneTime) {
        throw new AwsError(
          "NotImplemented",
          `inspector2:CreateCisScanConfiguration is not built for ${kinds[0]} schedules`,
        );
      }
      const { accountIds = [], targetResourceTags = {} } = targets ?? {};
      const other = accountIds.find((one) => one !== "SELF" && one !== call.account);
      if (other !== undefined) {
        throw accessDenied(`Account ${call.account} is not the delegated administrator of ${other}.`);
      }
      if (!scansInstances(call.aws, call.account, call.region)) {
        throw accessDenied(`Amazon EC2 scanning is not enabled for account ${call.account} in ${call.region}.`);
      }
      const scanConfigurationArn = configurationArn(call, call.aws.uuid());
      call.aws.state(inspectorState, call.account, call.region).cisConfigurations.set(scanConfigurationArn, {
        scanConfigurationArn,
        ownerId: call.account,
        scanName,
        securityLevel,
        schedule: { oneTime: {} },
        targets: { accountIds: [call.account], targetResourceTags },
        tags: new Map(Object.entries(tags ?? {})),
      });
      startCisScan(call, {
        scanConfigurationArn,
        scanName,
        securityLevel,
        targets: { accountIds: [call.account], targetResourceTags },
        scheduledBy: call.account,
      });
      return { scanConfigurationArn };
    },
  },
  /** Scans of the configuration are kept. */
  DeleteCisScanConfiguration: {
    authorize: ({ scanConfigurationArn = "*" }, call) => {
      const { cisConfigurations } = call.aws.state(inspectorState, call.account, call.region);
      const tags = cisConfigurations.get(scanConfigurationArn)?.tags ?? [];
      return [{ resources: [scanConfigurationArn], context: resourceTagContext(tags) }];
    },
    run({ scanConfigurationArn = "" }, call) {
      requireConfiguration(call, scanConfigurationArn);
      call.aws.state(inspectorState, call.account, call.region).cisConfigurations.delete(scanConfigurationArn);
      return { scanConfigurationArn };
    },
  },
} satisfies Operations<typeof Sdk>;

/** Limit of SendCisSessionTelemetry. */
const MOST_MESSAGES = 150;

/** Scans the instances with the given tags that run when the scan ends; only Image Builder's are scanned here. */
function startCisScan(
  call: Call,
  about: Pick<Sdk.CisScan, "scanName" | "securityLevel" | "targets" | "scheduledBy"> & { scanConfigurationArn: string },
): void {
  const { aws, account, region } = call;
  const scanArn = `arn:aws:inspector2:${region}:${account}:owner/${account}/cis-scan/${aws.uuid()}`;
  const record: CisScanRecord = {
    scan: { ...about, scanArn, scanDate: new Date(aws.clock.now()), status: "IN_PROGRESS" },
    targets: [],
  };
  aws.state(inspectorState, account, region).cisScans.set(scanArn, record);
  const { cisScan } = simulatedDurations(instancePlan(aws, account, region));
  afterWork(aws.clock, cisScan, async () => {
    const wanted = Object.entries(about.targets?.targetResourceTags ?? {});
    const level = about.securityLevel === "LEVEL_2" ? 2 : 1;
    const targets: CisTarget[] = [];
    for (const instance of runningInstances(aws, account, region)) {
      const matches = wanted.some(([key, values]) => values.includes(instance.tags.get(key) ?? ""));
      if (matches) targets.push(await scan(aws, call, instance, level));
    }
    record.targets = targets;
    record.scan.status = "COMPLETED";
  });
}

async function scan(aws: EmbeddedAws, call: Call, instance: RunningInstance, level: 1 | 2): Promise<CisTarget> {
  const { instanceId, tags } = instance;
  const found = instancePlan(aws, call.account, call.region).cis?.(instance.context()) ?? [];
  const target = (checks: readonly CisCheck[], reason?: Sdk.CisTargetStatusReason): CisTarget => ({
    instanceId,
    tags,
    platform: platformOf(instance),
    status: reason ? "CANCELLED" : "COMPLETED",
    reason,
    checks,
  });
  if (found === "UNSUPPORTED_OS") return target([], found);
  return target(
    await report(
      aws,
      call,
      instance,
      found.filter((one) => one.level <= level),
    ),
  );
}

/** `AMAZON_LINUX_2023`: AWS does not list its values. */
const platformOf = ({ record }: RunningInstance): string =>
  (record.image.osVersion ?? "unknown").toUpperCase().replaceAll(/[^A-Z0-9]+/g, "_");

/**
 * Inspector's agent reports with the permissions of the instance's role. Without them nothing is reported, and the scan
 * still ends ("Running CIS scans", the note about the instance's policy).
 */
async function report(
  aws: EmbeddedAws,
  { account, region }: Call,
  instance: RunningInstance,
  checks: readonly SimulatedCisCheck[],
): Promise<CisCheck[]> {
  const { cisSessions } = aws.state(inspectorState, account, region);
  const scanJobId = aws.uuid();
  const sessionToken = aws.uuid();
  const principal = await instancePrincipal(
    aws,
    { account, region },
    instance.instanceProfileName,
    instance.instanceId,
  );
  cisSessions.set(scanJobId, { principalArn: principal.arn, token: undefined, told: new Map(), stopped: false });
  const send = (operation: string, input: object) =>
    callService(aws, "inspector2", operation, { scanJobId, ...input }, { principal, region });
  try {
    await send("StartCisSession", { message: { sessionToken } });
    await send("SendCisSessionHealth", { sessionToken });
    for (let at = 0; at < checks.length; at += MOST_MESSAGES) {
      const messages = checks.slice(at, at + MOST_MESSAGES).map(
        ({ checkId, status, title }): Sdk.CisSessionMessage => ({
          ruleId: checkId,
          status,
          cisRuleDetails: new TextEncoder().encode(title),
        }),
      );
      await send("SendCisSessionTelemetry", { sessionToken, messages });
    }
    const progress = { totalChecks: checks.length };
    await send("StopCisSession", { sessionToken, message: { status: "SUCCESS", progress } });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "AccessDeniedException")) throw error;
  }
  const { told, stopped } = cisSessions.get(scanJobId) ?? { told: new Map(), stopped: false };
  cisSessions.delete(scanJobId);
  if (!stopped) return [];
  return checks.flatMap(({ checkId, title, level }) => {
    const status = told.get(checkId);
    return status ? [{ checkId, title, level, status, findingId: aws.uuid() }] : [];
  });
}

const configurationArn = ({ account, region }: Call, id: string): string =>
  `arn:aws:inspector2:${region}:${account}:owner/${account}/cis-configuration/${id}`;
