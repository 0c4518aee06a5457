import type * as Sdk from "@aws-sdk/client-ecr";
import { defineState } from "../../engine/state.ts";
import type { ImageScan } from "./image-contents.ts";
import type { LifecyclePolicy } from "./lifecycle/parse-lifecycle-policy.ts";

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
