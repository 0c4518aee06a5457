import type { InfrastructureConfiguration } from "@aws-sdk/client-imagebuilder";
import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { defineState } from "../../../engine/state.ts";
import { addTags } from "../../ec2/resource-tags.ts";
import { ec2State } from "../../ec2/state.ts";
import type { SimulatedInstance } from "./simulated-instance.ts";

/** A simulated instance that runs, with its tags. */
export interface RunningInstance extends SimulatedInstance {
  readonly tags: ReadonlyMap<string, string>;
}

const instancesState = defineState<Map<string, RunningInstance>>("imagebuilder.instances", () => new Map());

/** What Image Builder has running in an account and region. */
export const runningInstances = (aws: EmbeddedAws, account: string, region: string): RunningInstance[] => [
  ...aws.state(instancesState, account, region).values(),
];

/**
 * An instance runs from now on, with the infrastructure's tags and Image Builder's own: those are reserved there (API
 * reference, CreateInfrastructureConfiguration, `resourceTags`).
 */
export function launchInstance(instance: SimulatedInstance, { resourceTags }: InfrastructureConfiguration): void {
  const { aws, record, instanceId, stage } = instance;
  const tags = new Map([
    ...Object.entries(resourceTags ?? {}),
    ["CreatedBy", "EC2 Image Builder"],
    ["Ec2ImageBuilderArn", record.image.arn ?? ""],
    ["Name", `${stage === "build" ? "Build" : "Test"} instance for ${record.image.name}`],
  ] as [string, string][]);
  addTags(aws, record, instanceId, tags);
  aws.state(instancesState, record.account, record.region).set(instanceId, { ...instance, tags });
}

export function terminateInstance({ aws, record, instanceId }: SimulatedInstance): void {
  aws.state(instancesState, record.account, record.region).delete(instanceId);
  aws.state(ec2State, record.account, record.region).tags.delete(instanceId);
}
