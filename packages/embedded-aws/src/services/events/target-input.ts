import type { Target } from "@aws-sdk/client-eventbridge";
import { type BusEvent, toTheSecond } from "./event.ts";
import { fillTemplate } from "./fill-template.ts";
import { readPath } from "./read-path.ts";
import type { Rule } from "./state.ts";

/** What a target receives of an event: all of it, a constant, a part, or a text made from its parts. */
export function targetInput(rule: Rule, target: Target, event: BusEvent, acceptedAt: number): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined) return JSON.stringify(readPath(event, target.InputPath) ?? null);
  if (target.InputTransformer) {
    const { InputPathsMap = {}, InputTemplate = "" } = target.InputTransformer;
    const variables = new Map<string, unknown>(predefined(rule, event, acceptedAt));
    for (const [name, path] of Object.entries(InputPathsMap)) variables.set(name, readPath(event, path));
    return fillTemplate(InputTemplate, variables);
  }
  return JSON.stringify(event);
}

/** EventBridge user guide, "Input transformation": reserved variables that need no path. */
function predefined(rule: Rule, event: BusEvent, acceptedAt: number): [string, unknown][] {
  const { detail: _, ...withoutDetail } = event;
  return [
    ["aws.events.rule-arn", rule.arn],
    ["aws.events.rule-name", rule.name],
    ["aws.events.event.ingestion-time", toTheSecond(acceptedAt)],
    ["aws.events.event", withoutDetail],
    ["aws.events.event.json", event],
  ];
}
