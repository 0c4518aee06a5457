import { AwsError } from "../../engine/aws-error.ts";

/** Why a target could not be reached, in the words of a dead-letter message's ERROR_CODE, and whether to try again. */
export interface DeliveryFailure {
  readonly code: string;
  readonly message: string;
  readonly retry: boolean;
}

/**
 * Missing permissions and missing targets go to the dead-letter queue at once, everything that may pass is tried again
 * (EventBridge user guide, "Using dead-letter queues").
 * @throws what is no answer of AWS: a fault of the embedded AWS itself, or an operation it does not have.
 */
export function deliveryFailure(error: unknown): DeliveryFailure {
  if (!(error instanceof AwsError) || error.code === "NotImplemented") throw error;
  const kind = KINDS.find(({ codes }) => codes.test(error.code)) ?? { code: "ERROR_FROM_TARGET", retry: true };
  return { code: kind.code, message: error.message, retry: kind.retry };
}

const KINDS = [
  { codes: /AccessDenied|Authorization|NotAuthorized|Unauthorized/i, code: "NO_PERMISSIONS", retry: false },
  { codes: /NotFound|DoesNotExist|NonExistent/i, code: "NO_RESOURCE", retry: false },
  { codes: /Throttl|TooManyRequests|LimitExceeded|RequestLimit/i, code: "THROTTLING", retry: true },
  { codes: /InvalidRequestContent|InvalidExecutionInput|MalformedInput/i, code: "INVALID_JSON", retry: false },
  { codes: /^(Invalid|Validation|UnsupportedOperation)/i, code: "INVALID_PARAMETER", retry: false },
] as const;
