import type { InfrastructureConfiguration } from "@aws-sdk/client-imagebuilder";
import { defineState, type EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { AwsError } from "../../../engine/operation.ts";
import { type Placement, placeInstance, reachesService } from "../../ec2/network/place-instance.ts";
import { addTags } from "../../ec2/resource-tags.ts";
import { ec2State } from "../../ec2/state.ts";
import { WorkflowStepError } from "./failure-context.ts";
import type { SimulatedInstance } from "./simulated-instance.ts";

/** A running simulated instance, with its tags and its network placement. */
export interface RunningInstance extends SimulatedInstance, Placement {
  readonly tags: ReadonlyMap<string, string>;
  readonly securityGroupIds: readonly string[];
}

const instancesState = defineState<Map<string, RunningInstance>>("imagebuilder.instances", () => new Map());

/** Image Builder's running instances in an account and region. */
export const runningInstances = (aws: EmbeddedAws, account: string, region: string): RunningInstance[] => [
  ...aws.state(instancesState, account, region).values(),
];

/** Services that the Systems Manager agent uses (Image Builder user guide, "VPC endpoints"). */
const AGENT = ["ssm", "ssmmessages"];

/** Services that provide AWSTOE and components. */
const COMPONENTS = ["imagebuilder", "s3"];

/** "Supported step actions for your workflow document", LaunchInstance. */
const AGENT_TIMEOUT_MS = 75 * 60_000;

/**
 * Runs an instance, with the infrastructure's tags and Image Builder's own, which are reserved (API reference,
 * CreateInfrastructureConfiguration, `resourceTags`).
 * @throws WorkflowStepError if EC2 refuses the launch, or the instance's agent cannot reach Systems Manager
 */
export async function launchInstance(
  instance: SimulatedInstance,
  { resourceTags, subnetId, securityGroupIds }: InfrastructureConfiguration,
): Promise<void> {
  const { aws, record, instanceId, stage } = instance;
  const { securityGroups, ...placement } = orStepError(() =>
    placeInstance(aws, record, { subnetId, groupIds: securityGroupIds }),
  );
  const tags = new Map([
    ...Object.entries(resourceTags ?? {}),
    ["CreatedBy", "EC2 Image Builder"],
    ["Ec2ImageBuilderArn", record.image.arn ?? ""],
    ["Name", `${stage === "build" ? "Build" : "Test"} instance for ${record.image.name}`],
  ] as [string, string][]);
  addTags(aws, record, instanceId, tags);
  const groups = securityGroups.map(({ id }) => id);
  const running = { ...instance, ...placement, tags, securityGroupIds: groups };
  aws.state(instancesState, record.account, record.region).set(instanceId, running);
  if (unreachable(running, AGENT).length === 0 && !instance.system.withoutAgent) return;
  await aws.clock.sleep(AGENT_TIMEOUT_MS, record.cancellation.signal);
  throw new WorkflowStepError(
    `Step timed out while step is verifying the SSM Agent availability on the target instance(s). SSM Agent on Instances: [${instanceId}] are not functioning. Please refer to Automation Service Troubleshooting Guide for more diagnosis details.`,
  );
}

/**
 * AWS's message is not known.
 * @throws WorkflowStepError if the instance cannot download AWSTOE and its components
 */
export function requireDownloads({ aws, record, instanceId }: SimulatedInstance): void {
  const running = aws.state(instancesState, record.account, record.region).get(instanceId);
  const [service] = running ? unreachable(running, COMPONENTS) : [];
  if (service === undefined) return;
  throw new WorkflowStepError(
    `Failed to download AWSTOE or a component: ${service}.${record.region}.amazonaws.com cannot be reached from subnet ${running?.subnet.id}.`,
  );
}

/** Whether a running instance can reach a service. */
export function isReachable({ aws, record, instanceId }: SimulatedInstance, service: string): boolean {
  const running = aws.state(instancesState, record.account, record.region).get(instanceId);
  return running === undefined || unreachable(running, [service]).length === 0;
}

const unreachable = (running: RunningInstance, services: readonly string[]): string[] =>
  services.filter((service) => !reachesService(running.aws, running.record.region, running, service));

export function terminateInstance({ aws, record, instanceId }: SimulatedInstance): void {
  aws.state(instancesState, record.account, record.region).delete(instanceId);
  aws.state(ec2State, record.account, record.region).tags.delete(instanceId);
}

function orStepError<T>(launch: () => T): T {
  try {
    return launch();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new WorkflowStepError(`${error.code}: ${error.message}`, { cause: error });
  }
}
