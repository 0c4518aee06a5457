import { AwsError } from "../engine/aws-error.ts";

interface Words {
  readonly throttled: readonly [code: string, status: number];
  readonly failed: readonly [code: string, status: number];
}

/** Codes and statuses from each service's API reference ("Common Errors", and the operations' own). */
const WORDS: Readonly<Record<string, Words>> = {
  dynamodb: { throttled: ["ProvisionedThroughputExceededException", 400], failed: ["InternalServerError", 500] },
  ec2: { throttled: ["RequestLimitExceeded", 503], failed: ["InternalError", 500] },
  events: { throttled: ["ThrottlingException", 400], failed: ["InternalException", 500] },
  imagebuilder: { throttled: ["CallRateLimitExceededException", 429], failed: ["ServiceException", 500] },
  lambda: { throttled: ["TooManyRequestsException", 429], failed: ["ServiceException", 500] },
  organizations: { throttled: ["TooManyRequestsException", 400], failed: ["ServiceException", 500] },
  s3: { throttled: ["SlowDown", 503], failed: ["InternalError", 500] },
  sns: { throttled: ["Throttled", 429], failed: ["InternalError", 500] },
  ssm: { throttled: ["ThrottlingException", 400], failed: ["InternalServerError", 500] },
};

const COMMON: Words = { throttled: ["ThrottlingException", 400], failed: ["InternalFailure", 500] };

const wordsOf = (service: string): Words => WORDS[service] ?? COMMON;

export function throttling(service: string): AwsError {
  const [code, status] = wordsOf(service).throttled;
  return new AwsError(code, "Rate exceeded", { status });
}

export function internalFailure(service: string): AwsError {
  const [code, status] = wordsOf(service).failed;
  return new AwsError(code, "An internal error has occurred", { status });
}

export const regionDown = (region: string): AwsError =>
  new AwsError("ServiceUnavailable", `The service is unavailable in ${region}. Please try again later.`, {
    status: 503,
  });
