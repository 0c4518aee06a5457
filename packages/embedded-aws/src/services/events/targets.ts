import type * as Sdk from "@aws-sdk/client-eventbridge";
import { AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { isJson } from "../is-json.ts";
import { onRule, passRole } from "./rules.ts";
import { busPlace, isBus, requireBus, requireRule, ruleArn } from "./state.ts";
import { parsePath, templateVariables } from "./target-input.ts";
import { targetKind } from "./target-request.ts";

const MOST_TARGETS = 5;

function checkTarget(target: Sdk.Target, call: Call): void {
  const { Id = "", Arn = "", Input, InputPath, InputTransformer } = target;
  if (!/^arn:[\w-]+:[\w-]+:[^:]*:[^:]*:.+/.test(Arn)) {
    throw invalid(`Parameter ${Arn} is not valid. Reason: Provided Arn is not in correct format.`);
  }
  checkKind(target, Arn, call);
  if ([Input, InputPath, InputTransformer].filter((one) => one !== undefined).length > 1) {
    throw invalid(`Only one of Input, InputPath, or InputTransformer must be provided for target ${Id}.`);
  }
  if (Input !== undefined && !isJson(Input)) {
    throw invalid("Parameter Input is not valid. Reason: Input is not a valid JSON text.");
  }
  if (InputPath !== undefined) parsePath(InputPath);
  if (InputTransformer) checkTransformer(Id, InputTransformer);
  checkDeadLetters(target);
}

function checkKind(target: Sdk.Target, arn: string, call: Call): void {
  const [, , , region, account] = arn.split(":");
  const kind = targetKind(arn);
  if (!isBus(arn) && !kind) {
    const reason = `Rule targets such as ${arn} are not built in the embedded AWS; supported: functions, queues, topics, buses and state machines`;
    throw new AwsError("NotImplemented", reason);
  }
  // User guide, "Event buses in other accounts and Regions as targets": a role since March 2023.
  const isElsewhere = isBus(arn) && (region !== call.region || account !== call.account);
  if (isElsewhere && target.RoleArn === undefined) throw invalid(`RoleArn is required for target ${arn}.`);
  if (kind === "states" && target.RoleArn === undefined) throw invalid(`RoleArn is required for target ${arn}.`);
  if (kind === "sqs" && arn.endsWith(".fifo") && !target.SqsParameters?.MessageGroupId) {
    throw invalid(`Parameter(s) SqsParameters must be specified for target: ${target.Id}.`);
  }
  if (isBus(arn) && target.InputTransformer) throw invalid(`InputTransformer is not supported for target ${arn}.`);
}

function checkTransformer(
  id: string,
  { InputPathsMap = {}, InputTemplate = "" }: NonNullable<Sdk.Target["InputTransformer"]>,
) {
  for (const path of Object.values(InputPathsMap)) parsePath(path);
  const reserved = Object.keys(InputPathsMap).find((name) => /^aws\./i.test(name));
  if (reserved !== undefined) throw invalid(`InputPathsMap keys cannot start with "AWS.": ${reserved}.`);
  const unknown = templateVariables(InputTemplate).filter((name) => !(name in InputPathsMap) && !PREDEFINED.has(name));
  if (unknown.length > 0) {
    throw invalid(
      `Invalid InputTemplate for target ${id} : [Placeholders [${unknown}] are not defined in InputPathsMap].`,
    );
  }
}

const PREDEFINED = new Set([
  "aws.events.rule-arn",
  "aws.events.rule-name",
  "aws.events.event.ingestion-time",
  "aws.events.event",
  "aws.events.event.json",
]);

function checkDeadLetters({ DeadLetterConfig }: Sdk.Target): void {
  const queue = DeadLetterConfig?.Arn;
  if (queue !== undefined && (targetKind(queue) !== "sqs" || queue.endsWith(".fifo"))) {
    throw invalid(`Parameter DeadLetterConfig.Arn is not valid: ${queue} is not a standard SQS queue.`);
  }
}

const invalid = (message: string): AwsError => new AwsError("ValidationException", message);

export const operations = {
  /** Adds targets to a rule, or replaces those with the same id. */
  PutTargets: {
    authorize: ({ EventBusName, Rule, Targets = [] }, call) => [
      ...onRule(call, EventBusName, Rule, { "events:TargetArn": Targets.map((target) => target.Arn ?? "") }),
      ...Targets.flatMap((target) =>
        passRole(call, target.RoleArn, ruleArn(busPlace(call.aws, call, EventBusName), Rule ?? "")),
      ),
    ],
    run({ EventBusName, Rule, Targets = [] }, call) {
      const rule = requireRule(requireBus(call.aws, call, EventBusName), Rule);
      for (const target of Targets) checkTarget(target, call);
      const ids = new Set([...rule.targets.keys(), ...Targets.map((target) => target.Id ?? "")]);
      if (ids.size > MOST_TARGETS) {
        throw new AwsError("LimitExceededException", "The requested resource exceeds the maximum number allowed.");
      }
      for (const target of Targets) rule.targets.set(target.Id ?? "", target);
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
  },
  RemoveTargets: {
    authorize: ({ EventBusName, Rule }, call) => onRule(call, EventBusName, Rule),
    run({ EventBusName, Rule, Ids = [] }, call) {
      const rule = requireRule(requireBus(call.aws, call, EventBusName), Rule);
      const unknown = Ids.filter((id) => !rule.targets.delete(id));
      const FailedEntries = unknown.map((TargetId) => ({
        TargetId,
        ErrorCode: "ResourceNotFoundException",
        ErrorMessage: `Rule ${rule.name} does not have a target with id ${TargetId}.`,
      }));
      return { FailedEntryCount: unknown.length, FailedEntries };
    },
  },
  ListTargetsByRule: {
    list: "Targets",
    authorize: ({ EventBusName, Rule }, call) => onRule(call, EventBusName, Rule),
    run({ EventBusName, Rule }, call) {
      const rule = requireRule(requireBus(call.aws, call, EventBusName), Rule);
      return { Targets: [...rule.targets.values()] };
    },
  },
} satisfies Operations<typeof Sdk>;
