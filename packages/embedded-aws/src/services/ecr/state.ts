import type * as Sdk from "@aws-sdk/client-ecr";
import { defineState } from "../../engine/embedded-aws.ts";
import type { Authorization, Call } from "../../engine/operation.ts";
import { resourceTagContext } from "../tag-context.ts";
import type { ImageScan } from "./image-contents.ts";
import type { LifecyclePolicy } from "./lifecycle/parse-lifecycle-policy.ts";
import { repositoryNotFound } from "./refusals.ts";

/** A manifest with its metadata, stored by digest. */
export interface StoredImage {
  /** `sha256:` and 64 hexadecimal digits of the manifest's bytes. */
  readonly digest: string;
  /** As given. */
  readonly manifest: string;
  readonly mediaType: string;
  /** An OCI artifact's own type, or its config's media type. */
  readonly artifactMediaType: string | undefined;
  /** The digests of the images in a manifest list or image index; empty for an image. */
  readonly listed: readonly string[];
  /** Config and layers, in bytes. */
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly pushedAt: number;
  pulledAt: number | undefined;
  scan: ImageScan | undefined;
}

/** Bytes of a layer or an image's config, by their digest. */
interface Layer {
  readonly digest: string;
  readonly size: number;
  readonly content: Uint8Array;
}

export interface LayerUpload {
  readonly id: string;
  readonly parts: Uint8Array[];
  /** Bytes received so far. */
  size: number;
}

export interface Repository {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  /** `<account>.dkr.ecr.<region>.amazonaws.com/<name>` */
  readonly uri: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly encryption: Sdk.EncryptionConfiguration;
  mutability: Sdk.ImageTagMutability;
  mutabilityExclusions: readonly Sdk.ImageTagMutabilityExclusionFilter[];
  scanOnPush: boolean;
  /** JSON. */
  policy: string | undefined;
  lifecycle: LifecyclePolicy | undefined;
  /** By digest, in the order of upload. */
  readonly images: Map<string, StoredImage>;
  /** Image tags and their digests. */
  readonly tags: Map<string, string>;
  readonly layers: Map<string, Layer>;
  readonly uploads: Map<string, LayerUpload>;
  readonly resourceTags: Map<string, string>;
}

/** The repositories of one account's registry in one region, by name. */
export const registryState = defineState("ecr", () => new Map<string, Repository>());

/** The image tags of a digest, in the order of creation. */
export const tagsOf = ({ tags }: Repository, digest: string): string[] =>
  [...tags].filter(([, pointed]) => pointed === digest).map(([tag]) => tag);

/** How requests name a repository: by its name, in the caller's registry unless another account's is given. */
interface RepositoryReference {
  readonly registryId?: string | undefined;
  readonly repositoryName?: string | undefined;
}

const findRepository = (
  { aws, account, region }: Call,
  { registryId, repositoryName }: RepositoryReference,
): Repository | undefined => aws.state(registryState, registryId ?? account, region).get(repositoryName ?? "");

/** @throws RepositoryNotFoundException */
export function requireRepository(call: Call, reference: RepositoryReference): Repository {
  const found = findRepository(call, reference);
  if (found) return found;
  throw repositoryNotFound(reference.repositoryName ?? "", reference.registryId ?? call.account);
}

/** A repository by its ARN, as in tagging requests. @throws RepositoryNotFoundException */
export function repositoryByArn(call: Call, arn: string | undefined): Repository {
  const [, , , region, registryId, path = ""] = (arn ?? "").split(":");
  const repositoryName = path.replace(/^repository\//, "");
  if (region === call.region && path.startsWith("repository/")) {
    return requireRepository(call, { registryId, repositoryName });
  }
  throw repositoryNotFound(repositoryName, registryId ?? call.account);
}

export const repositoryArn = ({ region, account }: Pick<Call, "region" | "account">, name: string): string =>
  `arn:aws:ecr:${region}:${account}:repository/${name}`;

/**
 * Authorizes a request on a repository: by the caller's policies and the repository's ("Private repository policies",
 * Amazon ECR user guide). A caller of another account needs both. `GetAuthorizationToken` has no repository.
 */
export function onRepository(call: Call, reference: RepositoryReference): Partial<Authorization> {
  const owner = reference.registryId ?? call.account;
  const found = findRepository(call, reference);
  return {
    resources: [repositoryArn({ region: call.region, account: owner }, reference.repositoryName ?? "*")],
    owner,
    resourcePolicy: found?.policy,
    context: found ? resourceTagContext(found.resourceTags, ["aws", "ecr"]) : {},
  };
}

/** The same for a repository's ARN, as in tagging requests, in any account's registry. */
export function onRepositoryArn(call: Call, arn = "", context: Authorization["context"] = {}): Partial<Authorization> {
  const [, , , , registryId, path = ""] = arn.split(":");
  const asked = onRepository(call, { registryId, repositoryName: path.replace(/^repository\//, "") });
  return { ...asked, context: { ...asked.context, ...context } };
}
