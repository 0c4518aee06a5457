import type * as Sdk from "@aws-sdk/client-sfn";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { acceptDefinition } from "./accept-definition.ts";
import { checkName, machineArn } from "./arns.ts";
import { statesOf } from "./find.ts";
import { checkRole, passRole } from "./role.ts";
import type { StateMachine } from "./state.ts";

export const operations = {
  /** Idempotent: the same name, definition and role again is the same machine. */
  CreateStateMachine: {
    authorize({ name, roleArn }, call) {
      const { aws, account, region } = call;
      const arn = machineArn({ partition: aws.partition, account, region }, name ?? "");
      return [{ resources: [arn] }, ...passRole(call, roleArn, arn)];
    },
    run(input, call) {
      const { aws, account, region } = call;
      const name = checkName(input.name);
      if (input.publish) {
        throw new AwsError("NotImplemented", "states: versions (publish) are not built in the embedded AWS");
      }
      const roleArn = checkRole(input.roleArn);
      const parsed = acceptDefinition(input.definition, input.type);
      const definition = input.definition ?? "";
      const arn = machineArn({ partition: aws.partition, account, region }, name);
      const { machines } = statesOf(call);
      const existing = machines.get(arn);
      if (existing) return again(existing, definition, roleArn);
      const creationDate = new Date(aws.clock.now());
      const tags = new Map((input.tags ?? []).map(({ key = "", value = "" }) => [key, value]));
      const revisionId = aws.uuid();
      machines.set(arn, {
        arn,
        name,
        definition,
        parsed,
        roleArn,
        revisionId,
        creationDate,
        updateDate: creationDate,
        deleting: false,
        tags,
      });
      return { stateMachineArn: arn, creationDate };
    },
  },
} satisfies Operations<typeof Sdk>;

function again(machine: StateMachine, definition: string, roleArn: string) {
  if (machine.deleting) throw new AwsError("StateMachineDeleting", `State machine is being deleted: '${machine.arn}'`);
  if (machine.definition === definition && machine.roleArn === roleArn) {
    return { stateMachineArn: machine.arn, creationDate: machine.creationDate };
  }
  throw new AwsError("StateMachineAlreadyExists", `State Machine Already Exists: '${machine.arn}'`);
}
