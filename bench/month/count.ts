import type { GetMetricStatisticsCommandOutput } from "@aws-sdk/client-cloudwatch";
import { accountPrincipal, type Caller, type EmbeddedAws } from "embedded-aws";
import type { Blueprint } from "embedded-aws/deploy";
import { statesState } from "embedded-aws/state";

/** How often something happened, by who or what did it. */
export type Counts = Readonly<Record<string, number>>;

export const sumOf = (counts: Counts): number => Object.values(counts).reduce((sum, one) => sum + one, 0);

/** A role by its name, a service by its own, and all accounts' own credentials as one. */
const callerName = ({ principal }: Caller): string => {
  if (principal.kind === "service") return principal.service;
  if (principal.kind === "account") return "accounts";
  const role = principal.roleArn.split("/").at(-1) ?? principal.roleArn;
  // CloudFormation names each account's role by a hash.
  return role.replace(/-[0-9a-f]{32}$/, "");
};

/** Counts the AWS calls of a running factory, where the embedded AWS dispatches them. */
export class CallCount {
  readonly #byCaller = new Map<string, Map<string, number>>();
  /** Ends the count. */
  readonly stop: () => void;

  constructor(aws: EmbeddedAws) {
    this.stop = aws.observeCalls(({ service, operation, caller }) => {
      const name = callerName(caller);
      const calls = this.#byCaller.get(name) ?? new Map<string, number>();
      const call = `${service}:${operation}`;
      this.#byCaller.set(name, calls.set(call, (calls.get(call) ?? 0) + 1));
    });
  }

  get byCaller(): Counts {
    return sorted([...this.#byCaller].map(([name, calls]) => [name, [...calls.values()].reduce((a, b) => a + b, 0)]));
  }

  get byOperation(): readonly (readonly [caller: string, counts: ReadonlyMap<string, number>])[] {
    return [...this.#byCaller];
  }

  /** A caller's most frequent operations. */
  mostOf(caller: string): string {
    const often = [...(this.#byCaller.get(caller) ?? [])].sort(([, a], [, b]) => b - a).slice(0, 5);
    return often.map(([call, count]) => `${call} ${count}`).join(", ");
  }
}

/** Invocations of each function in the build region, from Lambda's metric. */
export async function countInvocations(
  aws: EmbeddedAws,
  { account, buildRegion, resources }: Blueprint,
): Promise<Counts> {
  const caller = { principal: accountPrincipal(account), region: buildRegion };
  const names = resources.filter(({ type }) => type.endsWith(":Function")).map(({ inputs }) => String(inputs.name));
  const counted = names.map(async (name) => {
    const { Datapoints = [] } = await aws.call<GetMetricStatisticsCommandOutput>(
      "monitoring",
      "GetMetricStatistics",
      {
        Namespace: "AWS/Lambda",
        MetricName: "Invocations",
        Dimensions: [{ Name: "FunctionName", Value: name }],
        StartTime: new Date(0),
        EndTime: new Date(aws.clock.now()),
        Period: 86_400 * 365,
        Statistics: ["Sum"],
      },
      caller,
    );
    return [name, Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0)] as const;
  });
  return sorted(await Promise.all(counted));
}

/** State transitions of each state machine: the states that its executions entered, and each start (Step Functions pricing). */
export function countTransitions(aws: EmbeddedAws): Counts {
  const counts = new Map<string, number>();
  for (const { state } of aws.places(statesState)) {
    for (const { machine, history } of state.executions.values()) {
      const entered = history.events.filter(({ type }) => type?.endsWith("StateEntered")).length;
      counts.set(machine.name, (counts.get(machine.name) ?? 0) + entered + 1);
    }
  }
  return sorted([...counts]);
}

/** The largest first. */
const sorted = (counts: readonly (readonly [string, number])[]): Counts =>
  Object.fromEntries(counts.filter(([, n]) => n > 0).toSorted(([, a], [, b]) => b - a));
