import { AwsError, type ServiceErrors } from "../engine/operation.ts";

const COMMON: ServiceErrors = { throttled: ["ThrottlingException", 400], failed: ["InternalFailure", 500] };

/** A service, or a requested operation of it. */
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

/** Auto Scaling's error, which its model declares a client error with a server's status. */
export const contention = (): AwsError =>
  new AwsError(
    "ResourceContentionFault",
    "You already have a pending update to an Amazon EC2 Auto Scaling resource (for example, an Auto Scaling group, instance, or load balancer).",
    { status: 500 },
  );

export const regionDown = (region: string): AwsError =>
  new AwsError("ServiceUnavailable", `The service is unavailable in ${region}. Please try again later.`, {
    status: 503,
  });
