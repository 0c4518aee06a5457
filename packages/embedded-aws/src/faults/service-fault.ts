import { AwsError } from "../engine/aws-error.ts";
import type { ServiceErrors } from "../engine/operation.ts";

const COMMON: ServiceErrors = { throttled: ["ThrottlingException", 400], failed: ["InternalFailure", 500] };

/** A service, or an operation of it that is asked for. */
interface OfService {
  readonly errors?: ServiceErrors | undefined;
}

export function throttling({ errors = COMMON }: OfService): AwsError {
  const [code, status] = errors.throttled;
  return new AwsError(code, "Rate exceeded", { status });
}

export function internalFailure({ errors = COMMON }: OfService): AwsError {
  const [code, status] = errors.failed;
  return new AwsError(code, "An internal error has occurred", { status });
}

export const regionDown = (region: string): AwsError =>
  new AwsError("ServiceUnavailable", `The service is unavailable in ${region}. Please try again later.`, {
    status: 503,
  });
