import type * as Sdk from "@aws-sdk/client-eventbridge";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { parsePattern } from "./pattern/parse-pattern.ts";
import { onRule, passRole } from "./rule-authorization.ts";
import { busPlace, requireBus, ruleArn } from "./state.ts";

export const operations = {
  /** Makes a rule, or replaces one of that name and keeps its targets. */
  PutRule: {
    authorize: ({ EventBusName, Name, RoleArn }, call) => [
      ...onRule(call, EventBusName, Name),
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
        targets: bus.rules.get(Name)?.targets ?? new Map(),
      });
      return { RuleArn: arn };
    },
  },
} satisfies Operations<typeof Sdk>;
