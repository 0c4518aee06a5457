import type { Service } from "../../engine/operation.ts";
import { bindTokens } from "../bound-tokens.ts";
import { createEventBus, deleteEventBus, describeEventBus, listEventBuses } from "./buses.ts";
import { putPermission, removePermission } from "./permissions.ts";
import { putEvents } from "./put-events.ts";
import { putRule } from "./put-rule.ts";
import { putTargets } from "./put-targets.ts";
import { deleteRule, describeRule, disableRule, enableRule, listRules } from "./rules.ts";
import { listTargetsByRule, removeTargets } from "./targets.ts";
import { testEventPattern } from "./test-event-pattern.ts";

export const service: Service = {
  name: "events",
  client: () => import("@aws-sdk/client-eventbridge"),
  operations: bindTokens(
    {
      CreateEventBus: createEventBus,
      DeleteEventBus: deleteEventBus,
      DeleteRule: deleteRule,
      DescribeEventBus: describeEventBus,
      DescribeRule: describeRule,
      DisableRule: disableRule,
      EnableRule: enableRule,
      ListEventBuses: listEventBuses,
      ListRules: listRules,
      ListTargetsByRule: listTargetsByRule,
      PutEvents: putEvents,
      PutPermission: putPermission,
      PutRule: putRule,
      PutTargets: putTargets,
      RemovePermission: removePermission,
      RemoveTargets: removeTargets,
      TestEventPattern: testEventPattern,
    },
    { asked: "NextToken", given: "NextToken", refusal: "ValidationException" },
  ),
};
