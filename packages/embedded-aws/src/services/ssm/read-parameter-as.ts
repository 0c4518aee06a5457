import type { GetParametersCommandOutput } from "@aws-sdk/client-ssm";
import { AwsError } from "../../engine/aws-error.ts";
import type { Caller, EmbeddedAws } from "../../engine/embedded-aws.ts";

export interface ReadParameter {
  readonly value: string;
  /** `text`, `aws:ec2:image`, ... */
  readonly dataType: string;
  /** String, StringList or SecureString. */
  readonly type: string;
}

/**
 * What a service reads for whom it acts: EC2 for `resolve:ssm:...`, CloudFormation for parameters of a template. It
 * takes the caller's own right to ssm:GetParameters, and, of another account's parameter, a share that reaches it.
 * @param reference a name or an ARN, with or without `:version` or `:label`
 * @throws AwsError AccessDeniedException as Systems Manager says it; ParameterNotFound
 */
export async function readParameterAs(aws: EmbeddedAws, caller: Caller, reference: string): Promise<ReadParameter> {
  const { Parameters = [] } = await aws.call<GetParametersCommandOutput>(
    "ssm",
    "GetParameters",
    { Names: [reference] },
    caller,
  );
  const [found] = Parameters;
  if (!found) throw new AwsError("ParameterNotFound", `Parameter ${reference} not found.`, { status: 400 });
  return { value: found.Value ?? "", dataType: found.DataType ?? "text", type: found.Type ?? "String" };
}
