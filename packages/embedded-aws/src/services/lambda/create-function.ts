import type * as Sdk from "@aws-sdk/client-lambda";
import { AwsError } from "../../engine/aws-error.ts";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Operations } from "../../engine/operation.ts";
import { givingRole } from "../iam/assert-assumable.ts";
import { DEAD_LETTER_TARGETS, requireTarget } from "./deliver-record.ts";
import { functionPlace } from "./find-function.ts";
import { functions, type LambdaFunction } from "./state.ts";

export interface NewFunction {
  readonly name: string;
  /** `functions/start-build.handler`, from `root`. */
  readonly handler: string;
  /** Where the program's sources are: an absolute folder. */
  readonly root: string;
  /** ARN */
  readonly role: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly timeoutSeconds?: number;
  readonly memoryMb?: number;
  readonly runtime?: string;
  readonly architecture?: string;
  readonly description?: string;
  /** A queue or a topic. */
  readonly deadLetterTargetArn?: string | undefined;
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * Deploys a function from its sources; defaults are Lambda's own.
 * @throws AwsError ResourceConflictException where the name is taken; InvalidParameterValueException
 */
export function createFunction(aws: EmbeddedAws, account: string, region: string, wanted: NewFunction): LambdaFunction {
  const place = functionPlace(wanted.name, { aws, account, region });
  const { name } = place;
  const existing = aws.state(functions, account, region);
  if (existing.has(name)) throw new AwsError("ResourceConflictException", `Function already exist: ${name}`);
  const { timeoutSeconds = 3, memoryMb = 128 } = wanted;
  requireWithin("timeout", timeoutSeconds, 1, 900);
  requireWithin("memorySize", memoryMb, 128, 10_240);
  if (wanted.deadLetterTargetArn) requireTarget("dead-letter target", wanted.deadLetterTargetArn, DEAD_LETTER_TARGETS);
  const made: LambdaFunction = {
    account,
    region,
    name,
    arn: place.arn,
    handler: wanted.handler,
    root: wanted.root,
    role: wanted.role,
    description: wanted.description ?? "",
    environment: wanted.environment ?? {},
    timeoutSeconds,
    memoryMb,
    runtime: wanted.runtime ?? "nodejs24.x",
    architecture: wanted.architecture ?? "x86_64",
    deadLetterTargetArn: wanted.deadLetterTargetArn,
    modifiedAt: aws.clock.now(),
    revisionId: aws.uuid(),
    tags: new Map(Object.entries(wanted.tags ?? {})),
    policy: new Map(),
    policyRevisionId: aws.uuid(),
    reservedConcurrency: undefined,
    eventInvokeConfig: undefined,
    url: undefined,
    running: 0,
  };
  existing.set(name, made);
  return made;
}

export const operations = {
  /** Functions here run from sources on this machine; an archive would have to be unpacked and trusted. */
  CreateFunction: {
    authorize({ FunctionName, Role }, call) {
      const { arn } = functionPlace(FunctionName, call);
      return [{ resources: [arn] }, ...givingRole(call.aws, Role, "lambda.amazonaws.com", arn)];
    },
    run({ FunctionName }) {
      throw new AwsError(
        "NotImplemented",
        `lambda:CreateFunction from an archive is not built in the embedded AWS (function ${FunctionName}); functions come from a deployed program`,
      );
    },
  },
} satisfies Operations<typeof Sdk>;

function requireWithin(member: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new AwsError(
    "InvalidParameterValueException",
    `Value '${value}' at '${member}' failed to satisfy constraint: Member must be a whole number from ${least} to ${most}`,
  );
}
