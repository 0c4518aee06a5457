import type * as Sdk from "@aws-sdk/client-ec2";
import type { InstanceStateChange } from "@aws-sdk/client-ec2";
import { AwsError } from "../../../engine/aws-error.ts";
import type { Authorization, Call, Operations } from "../../../engine/operation.ts";
import { authorizeResource } from "../authorization.ts";
import { missingParameter } from "../refusals.ts";
import { requireInstances } from "./find-instance.ts";
import type { Instance } from "./instance.ts";
import { boot, stop, terminate } from "./instance-life.ts";
import { toState } from "./to-instance.ts";

interface Named {
  readonly InstanceIds: readonly string[] | undefined;
}

const authorize = ({ InstanceIds }: Named, call: Call): Partial<Authorization>[] =>
  (InstanceIds ?? []).map((id) => authorizeResource(call, "instance", id));

const askedFor = ({ InstanceIds }: Named, call: Call): Instance[] => {
  if (!InstanceIds?.length) throw missingParameter("InstanceId");
  return requireInstances(call, [...new Set(InstanceIds)]);
};

function changeEach(instances: readonly Instance[], change: (instance: Instance) => void): InstanceStateChange[] {
  return instances.map((instance) => {
    const PreviousState = toState(instance);
    change(instance);
    return { InstanceId: instance.id, PreviousState, CurrentState: toState(instance) };
  });
}

export const operations = {
  /** Twice is as good as once. */
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
  /** Needs the keys of the volumes again; without them the instance is stopped again. */
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
    { status: 400 },
  );
}
