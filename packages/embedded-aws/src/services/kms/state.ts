import type { KeyObject } from "node:crypto";
import type { GrantConstraints, GrantOperation, KeyManagerType } from "@aws-sdk/client-kms";
import { defineState } from "../../engine/embedded-aws.ts";
import { AwsError } from "../../engine/operation.ts";
import type { SigningSpecName } from "./signing/algorithms.ts";

export interface Grant {
  readonly id: string;
  readonly token: string;
  readonly name: string | undefined;
  readonly grantee: string;
  readonly retiring: string | undefined;
  readonly issuer: string;
  readonly operations: readonly GrantOperation[];
  readonly constraints: GrantConstraints | undefined;
  readonly createdAt: number;
}

/** An asymmetric key's signing key. */
export interface SigningMaterial {
  readonly spec: SigningSpecName;
  readonly privateKey: KeyObject;
}

/** Metadata and policy of a key. Symmetric keys have no key material: nothing is encrypted here. */
export interface Key {
  readonly id: string;
  readonly arn: string;
  readonly account: string;
  readonly manager: KeyManagerType;
  readonly createdAt: number;
  /** For an asymmetric key, which signs and verifies. */
  readonly signing: SigningMaterial | undefined;
  description: string;
  /** JSON. */
  policy: string;
  state: "Enabled" | "Disabled" | "PendingDeletion";
  /** Milliseconds since the epoch, while deletion is pending. */
  deletionAt?: number | undefined;
  /** Days between rotations; undefined: not rotated. */
  rotationDays: number | undefined;
  rotationSince: number;
  readonly tags: Map<string, string>;
  readonly grants: Map<string, Grant>;
}

export interface Alias {
  /** With its prefix: `alias/...`. */
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  updatedAt: number;
  keyId: string;
}

interface KmsState {
  readonly keys: Map<string, Key>;
  readonly aliases: Map<string, Alias>;
}

export const kmsState = defineState<KmsState>("kms", () => ({ keys: new Map(), aliases: new Map() }));

export const validationError = (message: string): AwsError => new AwsError("ValidationException", message);

export const invalidKeyUsage = (message: string): AwsError => new AwsError("InvalidKeyUsageException", message);
