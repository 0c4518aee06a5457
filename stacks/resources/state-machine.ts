import { tags } from "./deployment.ts";
import type { Grant } from "./grant.ts";

/** Log delivery has no resource types (Step Functions developer guide, "Logging using CloudWatch Logs"). */
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

/** A standard state machine that logs errors with execution data. @param logical the resource's logical name */
export function stateMachine(logical: string, { name, roleArn, definition }: MachineSettings): aws.sfn.StateMachine {
  const logs = new aws.cloudwatch.LogGroup(`${logical}Logs`, {
    // With this prefix the account's log resource policy does not grow with each state machine.
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
