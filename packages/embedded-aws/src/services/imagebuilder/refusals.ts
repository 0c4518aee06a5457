import { AwsError } from "../../engine/operation.ts";

/** Image Builder's errors, with messages from public issue threads. */
export const invalidValue = (parameter: string, why: string): AwsError =>
  new AwsError(
    "InvalidParameterValueException",
    `The value supplied for parameter '${parameter}' is not valid. ${why}`.trim(),
  );

export const missing = (parameter: string): AwsError =>
  new AwsError("InvalidParameterException", `The required parameter '${parameter}' is missing.`);

export const invalidCombination = (message: string): AwsError =>
  new AwsError("InvalidParameterCombinationException", message);

export const notFound = (arn: string): AwsError =>
  new AwsError("ResourceNotFoundException", `The resource '${arn}' does not exist.`);

/** @param kind `ImageRecipe`, `ImagePipeline`, ... */
export const alreadyExists = (kind: string, arn: string): AwsError =>
  new AwsError("ResourceAlreadyExistsException", `The following resource '${kind}' already exists: '${arn}'.`);

export const dependedOn = (arn: string): AwsError =>
  new AwsError(
    "ResourceDependencyException",
    `Resource dependency error: The resource ARN '${arn}' has other resources depended on it.`,
  );

/** Message of CreateImagePipeline in terraform-provider-aws #35674. */
export const inspectorOff = (resources: "ec2" | "ecr", account: string): AwsError =>
  new AwsError(
    "ResourceDependencyException",
    `Resource dependency error: Amazon Inspector is not enabled for '${resources}' resources in account '${account}'.`,
  );

export const invalidRequest = (message: string): AwsError => new AwsError("InvalidRequestException", message);

export const notBuilt = (what: string): AwsError =>
  new AwsError("NotImplemented", `${what} is not built in the embedded Image Builder`);
