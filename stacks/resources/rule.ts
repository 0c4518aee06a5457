import { logicalName, resourceName, tags } from "./deployment.ts";
import type { AsyncFunction } from "./lambda-function.ts";

interface RuleSettings {
  readonly description: string;
  readonly pattern: object;
  /** By default the default bus, which receives AWS's events. */
  readonly bus?: aws.cloudwatch.EventBus;
  /** The function's input, in place of the event. */
  readonly transform?: { readonly paths: Record<string, string>; readonly template: string };
}

/** EventBridge's limit for a pattern, in characters (user guide, "Amazon EventBridge quotas"). */
const LONGEST_PATTERN = 2048;

/** The JSON of an event pattern. @throws Error if it is too long */
export function checkedPattern(name: string, pattern: object): string {
  const text = JSON.stringify(pattern);
  if (text.length <= LONGEST_PATTERN) return text;
  throw new Error(
    `The rule ${name} has a pattern of ${text.length} characters; EventBridge's limit is ${LONGEST_PATTERN}.`,
  );
}

/** Sends matching events to a function; undeliverable events go to the function's dead-letter queue. */
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
  // Without a fixed statement id: the provider generates one, so that a replacement is created before the old one is deleted.
  new aws.lambda.Permission(`${logical}Permission`, {
    action: "lambda:InvokeFunction",
    function: target.arn,
    principal: "events.amazonaws.com",
    sourceArn: created.arn,
  });
  return created;
}
