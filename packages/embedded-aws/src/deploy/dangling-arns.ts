/** A deployed resource with its inputs, references replaced. */
export interface Deployed {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Policies and patterns may name resources that do not exist yet: images, parameters, executions. */
const SPEAK_OF_OTHERS = new Set([
  "policy",
  "assumeRolePolicy",
  "inlinePolicies",
  "eventPattern",
  "data",
  "templateBody",
]);

/** Kinds of resources that a blueprint creates itself; all others can exist elsewhere or be created later. */
const CREATED_KINDS = new Set([
  "dynamodb table",
  "events event-bus",
  "events rule",
  "iam instance-profile",
  "iam role",
  "imagebuilder component",
  "imagebuilder distribution-configuration",
  "imagebuilder image-pipeline",
  "imagebuilder image-recipe",
  "imagebuilder infrastructure-configuration",
  "kms key",
  "lambda function",
  "sns ",
  "sqs ",
  "states stateMachine",
]);

/** Exist without being created: the default bus, and service-linked roles. */
const BY_AWS = /:event-bus\/default$|:role\/aws-service-role\//;

/** `arn:aws:lambda:eu-west-1:111122223333:function:x` is of the kind `lambda function`. */
const KIND = /^arn:[\w-]+:([\w-]+):[\w-]*:(\d*):(?:([a-zA-Z-]+)[:/])?/;
const ARN = /arn:[\w-]+:[\w-]+:[\w-]*:\d*:[\w:/.+=@$-]+/g;

/**
 * ARNs in the inputs that the blueprint should have created but did not: a rule's target, a schedule's role, a
 * function in a state machine.
 * @returns one line for each: the resource, the input's path, and the ARN
 */
export function danglingArns(deployed: readonly Deployed[], account: string, created: ReadonlySet<string>): string[] {
  const lines: string[] = [];
  for (const { type, name, inputs } of deployed) {
    eachText(inputs, "", (text, path) => {
      for (const [arn] of text.matchAll(ARN)) {
        if (accountOf(arn) !== account || !CREATED_KINDS.has(kindOf(arn)) || isCreated(arn, created)) continue;
        lines.push(`${name} (${type}): ${path} names ${arn}, which the blueprint does not create`);
      }
    });
  }
  return lines;
}

/** A function's version or alias and a bucket's object count as created with their function or bucket. */
const isCreated = (arn: string, created: ReadonlySet<string>): boolean =>
  BY_AWS.test(arn) ||
  created.has(arn) ||
  created.has(arn.replace(/^(arn:[\w-]+:lambda:(?:[^:]*:){2}function:[^:]+):.*$/, "$1"));

function kindOf(arn: string): string {
  const [, service, , kind = ""] = KIND.exec(arn) ?? [];
  return `${service} ${kind}`;
}

const accountOf = (arn: string): string => KIND.exec(arn)?.[2] ?? "";

function eachText(value: unknown, path: string, visit: (text: string, path: string) => void): void {
  if (typeof value === "string") visit(value, path);
  if (typeof value !== "object" || value === null) return;
  for (const [key, one] of Object.entries(value)) {
    if (!SPEAK_OF_OTHERS.has(key)) eachText(one, path ? `${path}.${key}` : key, visit);
  }
}
