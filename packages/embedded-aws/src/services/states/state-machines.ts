import type * as Sdk from "@aws-sdk/client-sfn";
import { type Authorization, AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { givingRole } from "../iam/assert-assumable.ts";
import { mayDeliver } from "./logging.ts";
import { forgetIfDeleted } from "./run-execution.ts";
import {
  changedSettings,
  checkArn,
  checkName,
  findMachine,
  type MachineSettings,
  machineArn,
  type StateMachine,
  settingsOf,
  statesOf,
  USUAL_SETTINGS,
} from "./state.ts";
import { acceptDefinition } from "./validation/accept-definition.ts";
import { parseDefinition, validateDefinition } from "./validation/validate-definition.ts";

/** A role for a machine requires iam:PassRole for the caller, and must trust Step Functions. */
const passRole = (call: Call, roleArn: string | undefined, machine: string): readonly Partial<Authorization>[] =>
  givingRole(call.aws, roleArn, "states.amazonaws.com", machine);

function checkRole(roleArn: string | undefined): string {
  if (roleArn && /^arn:[\w-]+:iam::\d{12}:role\/.+/.test(roleArn)) return roleArn;
  throw new AwsError("InvalidArn", `Invalid Role Arn: '${roleArn}'`);
}

/** The properties that idempotent requests compare: neither role nor tags (API reference, CreateStateMachine). */
const identity = ({ definition, type, ...machine }: Compared): string => {
  const { loggingConfiguration, tracingConfiguration } = settingsOf(machine);
  return JSON.stringify([definition, type, loggingConfiguration, tracingConfiguration]);
};

type Compared = Pick<StateMachine, "definition" | "type" | keyof MachineSettings>;

function again(machine: StateMachine, wanted: Compared) {
  if (machine.deleting) throw new AwsError("StateMachineDeleting", `State machine is being deleted: '${machine.arn}'`);
  if (identity(machine) === identity(wanted)) {
    return { stateMachineArn: machine.arn, creationDate: machine.creationDate };
  }
  throw new AwsError("StateMachineAlreadyExists", `State Machine Already Exists: '${machine.arn}'`);
}

export const operations = {
  /** Idempotent: the same name, definition, logging and tracing is the same machine. */
  CreateStateMachine: {
    authorize({ name, roleArn, loggingConfiguration }, call) {
      const { aws, account, region } = call;
      const arn = machineArn({ partition: aws.partition, account, region }, name ?? "");
      return [{ resources: [arn] }, ...passRole(call, roleArn, arn), ...mayDeliver(roleArn, loggingConfiguration)];
    },
    run(input, call) {
      const { aws, account, region } = call;
      const name = checkName(input.name);
      if (input.publish) {
        throw new AwsError("NotImplemented", "states: versions (publish) are not built in the embedded AWS");
      }
      const roleArn = checkRole(input.roleArn);
      const type = input.type ?? "STANDARD";
      const parsed = acceptDefinition(input.definition, type);
      const definition = input.definition ?? "";
      const settings = changedSettings(aws, input, USUAL_SETTINGS);
      const arn = machineArn({ partition: aws.partition, account, region }, name);
      const { machines } = statesOf(call);
      const existing = machines.get(arn);
      if (existing) return again(existing, { definition, type, ...settings });
      const creationDate = new Date(aws.clock.now());
      const tags = new Map((input.tags ?? []).map(({ key = "", value = "" }) => [key, value]));
      const revisionId = aws.uuid();
      machines.set(arn, {
        arn,
        name,
        type,
        definition,
        parsed,
        roleArn,
        ...settings,
        revisionId,
        creationDate,
        updateDate: creationDate,
        deleting: false,
        tags,
      });
      return { stateMachineArn: arn, creationDate };
    },
  },
  /** Running executions keep their definition and role. */
  UpdateStateMachine: {
    authorize: ({ stateMachineArn = "*", roleArn, loggingConfiguration }, call) => [
      { resources: [stateMachineArn] },
      ...passRole(call, roleArn, stateMachineArn),
      ...mayDeliver(roleArn ?? statesOf(call).machines.get(stateMachineArn)?.roleArn, loggingConfiguration),
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
        ...changedSettings(call.aws, input, machine),
        ...(definition ? { definition, parsed: acceptDefinition(definition, machine.type) } : {}),
        ...(roleArn ? { roleArn: checkRole(roleArn) } : {}),
        updateDate,
        revisionId,
      });
      return { updateDate, revisionId };
    },
  },
  /** The machine stays in DELETING until its executions have ended. Deleting a missing one is not an error. */
  DeleteStateMachine: {
    authorize: ({ stateMachineArn }) => [{ resources: [stateMachineArn ?? "*"] }],
    run({ stateMachineArn }, call) {
      const arn = checkArn(stateMachineArn, "stateMachine");
      const { machines } = statesOf(call);
      const machine = machines.get(arn);
      if (machine) machines.set(arn, { ...machine, deleting: true });
      forgetIfDeleted(call.aws, arn);
    },
  },
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
        type: machine.type,
        creationDate: machine.creationDate,
        ...settingsOf(machine),
        revisionId: machine.revisionId,
      };
    },
  },
  /** Publishing is not built, so no versions exist. */
  ListStateMachineVersions: {
    authorize: ({ stateMachineArn }) => [{ resources: [stateMachineArn ?? "*"] }],
    run({ stateMachineArn }) {
      checkArn(stateMachineArn, "stateMachine");
      return { stateMachineVersions: [] };
    },
  },
  ListStateMachines: {
    list: "stateMachines",
    run(_, call) {
      const machines = [...statesOf(call).machines.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
      return {
        stateMachines: machines.map(({ arn, name, type, creationDate }) => ({
          stateMachineArn: arn,
          name,
          type,
          creationDate,
        })),
      };
    },
  },
  /** Validates as AWS does, including definitions that the embedded AWS cannot run. */
  ValidateStateMachineDefinition: {
    run({ definition: text, type, maxResults }, _call) {
      const { definition, diagnostics } = parseDefinition(text ?? "");
      const found = definition ? [...diagnostics, ...validateDefinition(definition, type ?? "STANDARD")] : diagnostics;
      const most = maxResults || 100;
      return {
        result: found.length === 0 ? "OK" : "FAIL",
        diagnostics: found.slice(0, most),
        truncated: found.length > most,
      };
    },
  },
} satisfies Operations<typeof Sdk>;
