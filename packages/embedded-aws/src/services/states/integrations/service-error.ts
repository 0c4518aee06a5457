import { AwsError } from "../../../engine/aws-error.ts";
import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { StateError } from "../asl/state-error.ts";
import { errorShape } from "./sdk-schemas.ts";

/**
 * A service's refusal as a Task's error: `Imagebuilder.ResourceNotFoundException`. Names end in "Exception" even where
 * the service's do not; what the service's model does not name is its general error, `Ec2.Ec2Exception` (Developer
 * Guide, "Learning to use AWS service SDK integrations"). Other failures are the embedded AWS's own, and stay.
 */
export async function serviceError(
  aws: EmbeddedAws,
  failure: unknown,
  names: { service: string; prefix: string; general: string },
): Promise<unknown> {
  if (!(failure instanceof AwsError)) return failure;
  const shape = await errorShape(aws, names.service, failure.code);
  const exception = shape === undefined ? names.general : shape.endsWith("Exception") ? shape : `${shape}Exception`;
  const status = failure.status ?? 400;
  const about = `(Service: ${names.prefix}, Status Code: ${status}, Request ID: ${aws.uuid()})`;
  const message = shape === undefined ? `${failure.code}: ${failure.message}` : failure.message;
  return new StateError(`${names.prefix}.${exception}`, `${message} ${about}`);
}
