import type * as Sdk from "@aws-sdk/client-sfn";
import type { Operations } from "../../engine/operation.ts";
import { paginate } from "../../engine/paging.ts";
import { findMachine, statesOf } from "./find.ts";

export const operations = {
  DescribeStateMachine: {
    authorize: ({ stateMachineArn }) => [{ resources: [stateMachineArn ?? "*"] }],
    run({ stateMachineArn }, call) {
      const machine = findMachine(call, stateMachineArn);
      return {
        stateMachineArn: machine.arn,
        name: machine.name,
        status: machine.deleting ? "DELETING" : "ACTIVE",
        definition: machine.definition,
        roleArn: machine.roleArn,
        type: "STANDARD",
        creationDate: machine.creationDate,
        loggingConfiguration: { level: "OFF", includeExecutionData: false },
        tracingConfiguration: { enabled: false },
        revisionId: machine.revisionId,
      };
    },
  },
  ListStateMachines: {
    run({ nextToken, maxResults }, call) {
      const machines = [...statesOf(call).machines.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
      const { items, next } = paginate(machines, nextToken, maxResults || 100, "InvalidToken");
      return {
        stateMachines: items.map(({ arn, name, creationDate }) => ({
          stateMachineArn: arn,
          name,
          type: "STANDARD" as const,
          creationDate,
        })),
        ...(next !== undefined && { nextToken: next }),
      };
    },
  },
} satisfies Operations<typeof Sdk>;
