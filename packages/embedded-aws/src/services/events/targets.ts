import type * as Sdk from "@aws-sdk/client-eventbridge";
import type { Operations } from "../../engine/operation.ts";
import { onRule } from "./rule-authorization.ts";
import { requireBus, requireRule } from "./state.ts";

export const operations = {
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
