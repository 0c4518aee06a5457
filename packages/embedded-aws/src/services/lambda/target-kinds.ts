import { AwsError } from "../../engine/aws-error.ts";

/** Where records of asynchronous invocations can go; S3, which Lambda knows too, is not built. */
export const DESTINATIONS = ["sqs", "sns", "lambda", "events"] as const;
export const DEAD_LETTER_TARGETS = ["sqs", "sns"] as const;

/**
 * A target's service and region, from its ARN.
 * @throws AwsError InvalidParameterValueException where it is none of `kinds`
 */
export function requireTarget<Kind extends string>(
  role: string,
  arn: string,
  kinds: readonly Kind[],
): { readonly service: Kind; readonly region: string } {
  const [, , given = "", region = ""] = arn.split(":");
  const service = kinds.find((kind) => kind === given);
  if (service) return { service, region };
  throw new AwsError(
    "InvalidParameterValueException",
    `The provided ${role} ${arn} is invalid: this embedded AWS takes ARNs of ${kinds.join(", ")}.`,
  );
}
