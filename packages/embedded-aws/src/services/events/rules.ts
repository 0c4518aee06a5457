import type * as Sdk from "@aws-sdk/client-eventbridge";
import { type Authorization, AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { givingRole } from "../iam/assert-assumable.ts";
import { requestTagContext } from "../tag-context.ts";
import { matches } from "./pattern/matches.ts";
import { parsePattern } from "./pattern/parse-pattern.ts";
import { busPlace, pairsOf, type Rule, requireBus, requireRule, ruleArn } from "./state.ts";

/** Rules are authorized by their ARN, which contains the bus. */
export const onRule = (
  call: Call,
  bus: string | undefined,
  rule: string | undefined,
  context: NonNullable<Authorization["context"]> = {},
): Partial<Authorization>[] => [{ resources: [ruleArn(busPlace(call.aws, call, bus), rule ?? "")], context }];

/** A role for EventBridge requires iam:PassRole for the caller, and must trust EventBridge. */
export const passRole = (call: Call, roleArn: string | undefined, rule: string): Partial<Authorization>[] =>
  givingRole(call.aws, roleArn, "events.amazonaws.com", rule);

export const operations = {
  /** Creates a rule, or replaces an existing one and keeps its targets. */
  PutRule: {
    authorize: ({ EventBusName, Name, RoleArn, Tags = [] }, call) => [
      ...onRule(call, EventBusName, Name, requestTagContext(pairsOf(Tags))),
      ...passRole(call, RoleArn, ruleArn(busPlace(call.aws, call, EventBusName), Name ?? "")),
    ],
    run(input, call) {
      const { Name = "", EventPattern, ScheduleExpression, State = "ENABLED", EventBusName } = input;
      const bus = requireBus(call.aws, call, EventBusName);
      if (ScheduleExpression !== undefined) {
        const reason =
          "events:PutRule with a ScheduleExpression is not built in the embedded AWS: use EventBridge Scheduler";
        throw new AwsError("NotImplemented", reason);
      }
      if (EventPattern === undefined) {
        throw new AwsError("ValidationException", "Parameter(s) EventPattern or ScheduleExpression must be specified.");
      }
      const arn = ruleArn(bus, Name);
      bus.rules.set(Name, {
        name: Name,
        arn,
        busName: bus.name,
        patternText: EventPattern,
        pattern: parsePattern(EventPattern),
        description: input.Description,
        roleArn: input.RoleArn,
        createdBy: call.account,
        enabled: State !== "DISABLED",
        // Tags of an existing rule stay (API reference, PutRule).
        tags: bus.rules.get(Name)?.tags ?? new Map(pairsOf(input.Tags)),
        targets: bus.rules.get(Name)?.targets ?? new Map(),
      });
      return { RuleArn: arn };
    },
  },
  DescribeRule: {
    authorize: ({ EventBusName, Name }, call) => onRule(call, EventBusName, Name),
    run({ EventBusName, Name }, call) {
      const rule = requireRule(requireBus(call.aws, call, EventBusName), Name);
      return { ...described(rule), CreatedBy: rule.createdBy };
    },
  },
  ListRules: {
    list: "Rules",
    authorize: ({ EventBusName }, call) => onRule(call, EventBusName, "*"),
    run({ EventBusName, NamePrefix = "" }, call) {
      const rules = [...requireBus(call.aws, call, EventBusName).rules.values()]
        .filter((rule) => rule.name.startsWith(NamePrefix))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      return { Rules: rules.map(described) };
    },
  },
  EnableRule: {
    authorize: ({ EventBusName, Name }, call) => onRule(call, EventBusName, Name),
    run: (input, call) => setEnabled(input, call, true),
  },
  DisableRule: {
    authorize: ({ EventBusName, Name }, call) => onRule(call, EventBusName, Name),
    run: (input, call) => setEnabled(input, call, false),
  },
  DeleteRule: {
    authorize: ({ EventBusName, Name }, call) => onRule(call, EventBusName, Name),
    run({ EventBusName, Name = "" }, call) {
      const bus = requireBus(call.aws, call, EventBusName);
      if ((bus.rules.get(Name)?.targets.size ?? 0) > 0) {
        throw new AwsError("ValidationException", "Rule can't be deleted since it has targets.");
      }
      bus.rules.delete(Name);
    },
  },
  TestEventPattern: {
    run({ Event = "", EventPattern = "" }) {
      const event = parseEvent(Event);
      return { Result: matches(parsePattern(EventPattern), event) };
    },
  },
} satisfies Operations<typeof Sdk>;

function setEnabled(input: Sdk.EnableRuleRequest, call: Call, enabled: boolean): Record<string, never> {
  requireRule(requireBus(call.aws, call, input.EventBusName), input.Name).enabled = enabled;
  return {};
}

const described = (rule: Rule) => ({
  Name: rule.name,
  Arn: rule.arn,
  EventPattern: rule.patternText,
  State: rule.enabled ? ("ENABLED" as const) : ("DISABLED" as const),
  Description: rule.description,
  RoleArn: rule.roleArn,
  EventBusName: rule.busName,
});

const REQUIRED = ["id", "account", "source", "time", "region", "detail-type"];

function parseEvent(text: string): object {
  try {
    const event: unknown = JSON.parse(text);
    if (typeof event === "object" && event !== null && REQUIRED.every((field) => field in event)) return event;
  } catch {
    // Refused below, like an event with missing fields.
  }
  throw new AwsError("ValidationException", "Parameter Event is not valid.");
}
