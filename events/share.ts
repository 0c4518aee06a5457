import * as z from "zod";
import { defineEvent } from "./define-event.ts";
import { artifactId, buildArn, channelName, imageName, region } from "./ids.ts";

/** A build's AMI in one region has a channel's launch permissions, which were read back. */
export const imageShared = defineEvent(
  "image.shared",
  z.strictObject({
    image: imageName,
    build: buildArn,
    channel: channelName,
    region,
    amiId: artifactId,
    /** ARNs of organizations and organizational units, and account ids. */
    sharedWith: z.array(z.string()).min(1),
  }),
);

/**
 * How far a consumer verified that it can launch an AMI: the launch is permitted (a dry run, which does not check
 * keys), the key may be used (KMS dry runs), an instance ran. For a container image: the manifest and a layer can be
 * pulled.
 */
export const proofs = ["permitted", "decryptable", "launched", "pullable"] as const;

export const proof = z.enum(proofs);

export type Proof = z.output<typeof proof>;

const account = z.string().regex(/^\d{12}$/);

/** Consumers can launch a build's AMI in a region: verified in their accounts, before the channel moves. */
export const shareVerified = defineEvent(
  "share.verified",
  z.strictObject({
    image: imageName,
    build: buildArn,
    channel: channelName,
    region,
    amiId: artifactId,
    accounts: z
      .array(
        z.strictObject({
          account,
          proof,
          /** Why a launch could not be verified in the account: it has no network for it. */
          notTried: z.string().min(1).exactOptional(),
        }),
      )
      .min(1),
  }),
);

/** A consumer cannot launch an AMI that is shared with it. */
export const shareFailed = defineEvent(
  "share.failed",
  z.strictObject({
    image: imageName,
    build: buildArn,
    channel: channelName,
    region,
    amiId: artifactId,
    account,
    /** What was verified; `readable`: reading the channel's parameter, after the channel moved. */
    proof: z.enum([...proofs, "readable"]),
    /** The missing piece, as text: `kms:CreateGrant denied by key policy`. */
    missing: z.string().min(1),
    /** How to fix it. */
    fix: z.string().min(1).exactOptional(),
  }),
);

/** Work in some consumer accounts fails. Once for each account; retried hourly. */
export const consumersFailed = defineEvent(
  "consumers.failed",
  z.strictObject({
    /** Grants for Auto Scaling, or parameters: copies of a channel's, or a wave's. */
    work: z.enum(["grants", "mirror"]),
    image: imageName.optional(),
    channel: channelName.optional(),
    /** Default: the copies of the channel's own parameter. */
    wave: z.string().min(1).optional(),
    /** How many accounts. */
    count: z.int().min(1),
    /** The first twenty of them. */
    accounts: z
      .array(z.strictObject({ account: z.string().regex(/^\d{12}$/), why: z.string().min(1) }))
      .min(1)
      .max(20),
  }),
);
