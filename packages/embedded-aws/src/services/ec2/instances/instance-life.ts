import type * as Sdk from "@aws-sdk/client-ec2";
import { afterWork } from "../../../engine/clock/clock.ts";
import { defineState, type EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { type Authorization, AwsError, type Call, type Operations } from "../../../engine/operation.ts";
import { publishServiceEvent } from "../../events/publish-service-event.ts";
import { authorizeResource } from "../authorization.ts";
import { missingParameter } from "../refusals.ts";
import { type Instance, requireInstances } from "./instance.ts";
import { toState } from "./to-instance.ts";
import { keysRefuse, recordVolumeGrants } from "./volume-keys.ts";

/** In AWS these vary: tens of seconds are usual; a denied key shows after a few. */
const BOOT_MS = 20_000;
const REFUSAL_MS = 5_000;
const SHUTDOWN_MS = 30_000;

type Observer = (instance: Instance) => void;
const observers = defineState("ec2.instance-observers", () => new Set<Observer>());

/** Calls the observer after every state change of an account's instances in a region. */
export const observeInstances = (aws: EmbeddedAws, account: string, region: string, observer: Observer): void => {
  aws.state(observers, account, region).add(observer);
};

interface Reasons {
  readonly stateReason?: Sdk.StateReason;
  readonly transitionReason?: string;
}

/** Also publishes to the default bus (EC2 user guide, "State change events for your instances"). */
function change(aws: EmbeddedAws, instance: Instance, state: Sdk.InstanceStateName, reasons: Reasons = {}): void {
  const { id, owner, region } = instance;
  instance.state = state;
  instance.since = aws.clock.now();
  instance.stateReason = reasons.stateReason ?? instance.stateReason;
  instance.transitionReason = reasons.transitionReason ?? instance.transitionReason;
  publishServiceEvent(aws, {
    account: owner,
    region,
    source: "aws.ec2",
    "detail-type": "EC2 Instance State-change Notification",
    resources: [`arn:${aws.partition}:ec2:${region}:${owner}:instance/${id}`],
    detail: { "instance-id": id, state },
  });
  for (const observe of aws.state(observers, owner, region)) observe(instance);
}

/**
 * pending → running, or, if the caller cannot use a volume's key, → terminated (after RunInstances) or stopped (after
 * StartInstances) with `Client.InternalError`. As in AWS, the missing permission is not reported.
 */
export function boot(call: Call, instance: Instance, refusedAs: "terminated" | "stopped"): void {
  const { clock } = call.aws;
  instance.launchedAt = clock.now();
  change(call.aws, instance, "pending", {
    stateReason: { Code: "pending", Message: "pending" },
    transitionReason: "",
  });
  const failed = {
    stateReason: { Code: "Client.InternalError", Message: "Client.InternalError: Client error on launch" },
    transitionReason: "Client.InternalError",
  };
  afterWork(clock, REFUSAL_MS, () => {
    if (instance.state !== "pending") return;
    if (keysRefuse(call, instance.volumes)) change(call.aws, instance, refusedAs, failed);
    else recordVolumeGrants(call, instance);
  });
  afterWork(clock, BOOT_MS, () => {
    if (instance.state !== "pending") return;
    change(call.aws, instance, "running");
    instance.stateReason = undefined;
  });
}

const byUser = (now: number): Required<Reasons> => ({
  stateReason: {
    Code: "Client.UserInitiatedShutdown",
    Message: "Client.UserInitiatedShutdown: User initiated shutdown",
  },
  transitionReason: `User initiated (${new Date(now).toISOString().slice(0, 19).replace("T", " ")} GMT)`,
});

/** shutting-down → terminated. */
function terminate({ aws }: Call, instance: Instance): void {
  if (instance.state === "shutting-down" || instance.state === "terminated") return;
  const wasStopped = instance.state === "stopped";
  change(aws, instance, wasStopped ? "terminated" : "shutting-down", byUser(aws.clock.now()));
  if (!wasStopped) afterWork(aws.clock, SHUTDOWN_MS, () => change(aws, instance, "terminated"));
}

/** stopping → stopped. */
export function stop({ aws }: Call, instance: Instance): void {
  change(aws, instance, "stopping", byUser(aws.clock.now()));
  afterWork(aws.clock, SHUTDOWN_MS, () => {
    if (instance.state === "stopping") change(aws, instance, "stopped");
  });
}

interface Named {
  readonly InstanceIds: readonly string[] | undefined;
}

const authorize = ({ InstanceIds }: Named, call: Call): Partial<Authorization>[] =>
  (InstanceIds ?? []).map((id) => authorizeResource(call, "instance", id));

const askedFor = ({ InstanceIds }: Named, call: Call): Instance[] => {
  if (!InstanceIds?.length) throw missingParameter("InstanceId");
  return requireInstances(call, [...new Set(InstanceIds)]);
};

function changeEach(instances: readonly Instance[], apply: (instance: Instance) => void): Sdk.InstanceStateChange[] {
  return instances.map((instance) => {
    const PreviousState = toState(instance);
    apply(instance);
    return { InstanceId: instance.id, PreviousState, CurrentState: toState(instance) };
  });
}

export const operations = {
  /** Can be repeated. */
  TerminateInstances: {
    authorize,
    run: (input, call) => ({
      TerminatingInstances: changeEach(askedFor(input, call), (instance) => terminate(call, instance)),
    }),
  },
  StopInstances: {
    authorize,
    run(input, call) {
      if (input.Hibernate) throw new AwsError("NotImplemented", "ec2:StopInstances is not built for Hibernate");
      const instances = askedFor(input, call);
      requireStates(instances, ["running", "stopping", "stopped"], "stopped");
      return {
        StoppingInstances: changeEach(instances, (instance) => {
          if (instance.state === "running") stop(call, instance);
        }),
      };
    },
  },
  /** Needs the volumes' keys again; without them the instance is stopped again. */
  StartInstances: {
    authorize,
    run(input, call) {
      const instances = askedFor(input, call);
      requireStates(instances, ["stopped", "pending", "running"], "started");
      return {
        StartingInstances: changeEach(instances, (instance) => {
          if (instance.state === "stopped") boot(call, instance, "stopped");
        }),
      };
    },
  },
} satisfies Operations<typeof Sdk>;

function requireStates(instances: readonly Instance[], states: readonly string[], what: string): void {
  const other = instances.find(({ state }) => !states.includes(state));
  if (!other) return;
  throw new AwsError(
    "IncorrectInstanceState",
    `The instance '${other.id}' is not in a state from which it can be ${what}.`,
  );
}
