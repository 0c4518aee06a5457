import type * as Sdk from "@aws-sdk/client-sfn";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { acceptDefinition } from "./accept-definition.ts";
import { findMachine, statesOf } from "./find.ts";
import { checkRole, passRole } from "./role.ts";

export const operations = {
  /** Executions that run keep the definition and the role they started with. */
  UpdateStateMachine: {
    authorize: ({ stateMachineArn = "*", roleArn }, call) => [
      { resources: [stateMachineArn] },
      ...passRole(call, roleArn, stateMachineArn),
    ],
    run(input, call) {
      const machine = findMachine(call, input.stateMachineArn);
      if (machine.deleting) {
        throw new AwsError("StateMachineDeleting", `State machine is being deleted: '${machine.arn}'`);
      }
      const { definition, roleArn, loggingConfiguration, tracingConfiguration } = input;
      if (!definition && !roleArn && !loggingConfiguration && !tracingConfiguration) {
        throw new AwsError(
          "MissingRequiredParameter",
          "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified",
        );
      }
      const updateDate = new Date(call.aws.clock.now());
      const revisionId = call.aws.uuid();
      statesOf(call).machines.set(machine.arn, {
        ...machine,
        ...(definition ? { definition, parsed: acceptDefinition(definition) } : {}),
        ...(roleArn ? { roleArn: checkRole(roleArn) } : {}),
        updateDate,
        revisionId,
      });
      return { updateDate, revisionId };
    },
  },
} satisfies Operations<typeof Sdk>;
