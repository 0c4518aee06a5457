import { tags } from "./deployment.ts";
import type { Grant } from "./grant.ts";

/** Log delivery has no resources (Step Functions developer guide, "Logging using CloudWatch Logs"). */
export const deliverLogs: Grant = {
  actions: [
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
  ],
  resources: ["*"],
};

interface MachineSettings {
  readonly name: string;
  readonly roleArn: $util.Input<string>;
  readonly definition: $util.Input<string>;
}

/** A standard state machine that logs its errors, with their data. @param logical the resource's name in the program */
export function stateMachine(logical: string, { name, roleArn, definition }: MachineSettings): aws.sfn.StateMachine {
  const logs = new aws.cloudwatch.LogGroup(`${logical}Logs`, {
    // Below this prefix the account's log policy does not grow with each state machine.
    name: `/aws/vendedlogs/states/${name}`,
    retentionInDays: 365,
    tags,
  });
  return new aws.sfn.StateMachine(logical, {
    name,
    type: "STANDARD",
    roleArn,
    definition,
    loggingConfiguration: {
      level: "ERROR",
      includeExecutionData: true,
      logDestination: $interpolate`${logs.arn}:*`,
    },
    tags,
  });
}
