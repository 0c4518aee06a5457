import { logicalName, resourceName, tags } from "./deployment.ts";
import type { AsyncFunction } from "./lambda-function.ts";

interface RuleSettings {
  readonly description: string;
  readonly pattern: object;
  /** The default bus, where AWS's own events are, if left out. */
  readonly bus?: aws.cloudwatch.EventBus;
  /** What the function is given instead of the event. */
  readonly transform?: { readonly paths: Record<string, string>; readonly template: string };
}

/** EventBridge's limit for a pattern, in characters (user guide, "Amazon EventBridge quotas"). */
const LONGEST_PATTERN = 2048;

/** A pattern as EventBridge takes it. @throws Error where it is too long */
export function checkedPattern(name: string, pattern: object): string {
  const text = JSON.stringify(pattern);
  if (text.length <= LONGEST_PATTERN) return text;
  throw new Error(`The rule ${name} has a pattern of ${text.length} characters; AWS takes ${LONGEST_PATTERN}.`);
}

/** Hands the events that match a pattern to a function; what cannot be delivered goes to the function's dead letters. */
export function rule(name: string, target: AsyncFunction, settings: RuleSettings): aws.cloudwatch.EventRule {
  const eventPattern = checkedPattern(name, settings.pattern);
  const logical = logicalName(name);
  const onBus = settings.bus ? { eventBusName: settings.bus.name } : {};
  const created = new aws.cloudwatch.EventRule(logical, {
    name: resourceName(name),
    description: settings.description,
    eventPattern,
    ...onBus,
    tags,
  });
  new aws.cloudwatch.EventTarget(`${logical}Target`, {
    rule: created.name,
    ...onBus,
    targetId: target.name,
    arn: target.arn,
    deadLetterConfig: { arn: target.deadLetters.arn },
    retryPolicy: { maximumEventAgeInSeconds: 24 * 3600, maximumRetryAttempts: 185 },
    ...(settings.transform && {
      inputTransformer: { inputPaths: settings.transform.paths, inputTemplate: settings.transform.template },
    }),
  });
  // Without an id of ours: a changed permission comes before the former one goes, under the id that the provider draws.
  new aws.lambda.Permission(`${logical}Permission`, {
    action: "lambda:InvokeFunction",
    function: target.arn,
    principal: "events.amazonaws.com",
    sourceArn: created.arn,
  });
  return created;
}
