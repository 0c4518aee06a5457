import { AwsError } from "../../engine/operation.ts";

/** An ECR error; all of them are client errors. */
export const ecrRefusal = (code: string, message: string): AwsError => new AwsError(code, message, { status: 400 });

/** Shared errors, with messages as ECR's clients report them. */
export const invalidParameter = (why: string): AwsError =>
  ecrRefusal("InvalidParameterException", `Invalid parameter at ${why}`);

export const repositoryNotFound = (name: string, registryId: string): AwsError =>
  ecrRefusal(
    "RepositoryNotFoundException",
    `The repository with name '${name}' does not exist in the registry with id '${registryId}'`,
  );

export const repositoryExists = (name: string, registryId: string): AwsError =>
  ecrRefusal(
    "RepositoryAlreadyExistsException",
    `The repository with name '${name}' already exists in the registry with id '${registryId}'`,
  );

export const repositoryNotEmpty = (name: string, registryId: string): AwsError =>
  ecrRefusal(
    "RepositoryNotEmptyException",
    `The repository with name '${name}' in registry with id '${registryId}' cannot be deleted because it still contains images`,
  );

export const policyNotFound = (name: string, registryId: string): AwsError =>
  ecrRefusal(
    "RepositoryPolicyNotFoundException",
    `Repository policy does not exist for the repository with name '${name}' in the registry with id '${registryId}'`,
  );

export const lifecycleNotFound = (name: string, registryId: string): AwsError =>
  ecrRefusal(
    "LifecyclePolicyNotFoundException",
    `Lifecycle policy does not exist for the repository with name '${name}' in the registry with id '${registryId}'`,
  );

export const imageNotFound = (id: string, name: string, registryId: string): AwsError =>
  ecrRefusal(
    "ImageNotFoundException",
    `The image with imageId ${id} does not exist within the repository with name '${name}' in the registry with id '${registryId}'`,
  );

export const imageExists = (digest: string, tag: string | undefined, name: string, registryId: string): AwsError =>
  ecrRefusal(
    "ImageAlreadyExistsException",
    `Image with digest '${digest}'${tag === undefined ? "" : ` and tag '${tag}'`} already exists in the repository with name '${name}' in registry with id '${registryId}'`,
  );

export const tagExists = (tag: string, name: string): AwsError =>
  ecrRefusal(
    "ImageTagAlreadyExistsException",
    `The image tag '${tag}' already exists in the '${name}' repository and cannot be overwritten because the tag is immutable.`,
  );
