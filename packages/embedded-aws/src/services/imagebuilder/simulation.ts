import type { ImageScanFinding } from "@aws-sdk/client-imagebuilder";
import type { CisRuleStatus } from "@aws-sdk/client-inspector2";
import { defineState, type EmbeddedAws } from "../../engine/embedded-aws.ts";

/** Identifies a simulated instance: a build's or its test's. */
export interface InstanceContext {
  readonly stage: "build" | "test";
  /** The image's name as in its ARN, e.g. `acme-al2023-base`. */
  readonly image: string;
  /** The recipe's version. */
  readonly version: string;
  readonly build: number;
  /** The AMI the instance was launched from: the parent, or the output under test; a container image's parent. */
  readonly parentImageId: string;
  readonly instanceId: string;
  /** Milliseconds since the epoch, factory time. */
  readonly time: number;
}

/** One step of a component on an instance. */
export interface StepContext extends InstanceContext {
  /** The component's name as in its ARN, e.g. `update-linux`. */
  readonly component: string;
  /** Its build version. */
  readonly componentArn: string;
  readonly phase: string;
  readonly step: string;
  readonly action: string;
  /** From 1, up to the step's maxAttempts. */
  readonly attempt: number;
}

interface SimulatedOutcome {
  readonly exitCode?: number;
  readonly stdout?: string;
  readonly stderr?: string;
}

/** What a step's script can do on an instance. */
export interface InstanceShell {
  /** A call to AWS in the instance's region with its role: policies apply. */
  call<Output>(service: string, operation: string, input: object): Promise<Output>;
  /** Milliseconds of factory time. */
  sleep(ms: number): Promise<void>;
}

/** An Inspector finding for a rule of a CIS benchmark. */
export interface SimulatedCisCheck {
  /** Its number in the benchmark, e.g. `1.1.2.1`. */
  readonly checkId: string;
  readonly title: string;
  /** The lowest level that includes it. */
  readonly level: 1 | 2;
  readonly status: CisRuleStatus;
}

/** Durations of the stages' parts, in milliseconds. */
export interface SimulatedDurations {
  readonly launch: number;
  readonly buildComponent: number;
  readonly inventory: number;
  readonly sanitize: number;
  readonly createImage: number;
  readonly terminate: number;
  readonly scan: number;
  readonly cisScan: number;
  readonly testComponent: number;
  /** A copy to another region, and the steps after it. */
  readonly distribute: number;
  readonly integrate: number;
}

/** How simulated instances behave; by default everything succeeds and nothing is found. */
export interface InstancePlan {
  step?(context: StepContext): SimulatedOutcome | undefined;
  /** Runs the AWS calls of a step's script; undefined if it has none. A refused call fails the step. */
  script?(context: StepContext, shell: InstanceShell): Promise<SimulatedOutcome> | undefined;
  /** A file on the instance; undefined if it does not exist. */
  file?(context: StepContext, path: string): string | Uint8Array | undefined;
  packages?(context: InstanceContext): readonly { readonly name: string; readonly version: string }[];
  /** Bytes written to the root volume of the output AMI. */
  writtenBytes?(context: InstanceContext): number | undefined;
  findings?(context: InstanceContext): readonly Omit<ImageScanFinding, "imageBuildVersionArn">[];
  /** The findings of an Amazon Inspector CIS scan on the instance, of both levels. */
  cis?(context: InstanceContext): readonly SimulatedCisCheck[] | "UNSUPPORTED_OS";
  readonly durations?: Partial<SimulatedDurations>;
}

/** Added wherever a user could mistake a simulated result for a real one. */
export const SIMULATED = "Simulated: nothing was executed.";

const MINUTE = 60_000;

/** A build of about 18 minutes and a test of about 8, plus their components. */
const DURATIONS: SimulatedDurations = {
  launch: 4 * MINUTE,
  buildComponent: 2 * MINUTE,
  inventory: 2 * MINUTE,
  sanitize: MINUTE / 2,
  createImage: 11 * MINUTE,
  terminate: MINUTE / 2,
  scan: 3.5 * MINUTE,
  cisScan: 6 * MINUTE,
  testComponent: MINUTE,
  distribute: 9 * MINUTE,
  integrate: MINUTE / 2,
};

const simulationState = defineState<{ plan: InstancePlan }>("imagebuilder.simulation", () => ({ plan: {} }));

/** Sets the plan for an account and region from now on, including builds in progress. */
export function simulateInstances(aws: EmbeddedAws, account: string, region: string, plan: InstancePlan): void {
  aws.state(simulationState, account, region).plan = plan;
}

/** The plan for an account and region. */
export const instancePlan = (aws: EmbeddedAws, account: string, region: string): InstancePlan =>
  aws.state(simulationState, account, region).plan;

export const simulatedDurations = (plan: InstancePlan): SimulatedDurations => ({ ...DURATIONS, ...plan.durations });
