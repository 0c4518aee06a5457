import * as z from "zod";
import { defineEvent } from "./define-event.ts";
import { artifactId, buildArn, channelName, imageName, region } from "./ids.ts";

/** A build's AMI in one region has a channel's launch permissions, read back after writing. */
export const imageShared = defineEvent(
  "image.shared",
  z.strictObject({
    image: imageName,
    build: buildArn,
    channel: channelName,
    region,
    amiId: artifactId,
    /** Organization ARNs, organizational unit ARNs and account ids. */
    sharedWith: z.array(z.string()).min(1),
  }),
);

/**
 * How far it was tried that a consumer can launch an AMI: the launch is permitted (a dry run, which says nothing about
 * keys), the key may be used (dry runs of KMS), an instance ran. Of a container image: manifest and a layer can be had.
 */
export const proofs = ["permitted", "decryptable", "launched", "pullable"] as const;

export const proof = z.enum(proofs);

export type Proof = z.output<typeof proof>;

const account = z.string().regex(/^\d{12}$/);

/** Consumers can launch a build's AMI in a region: tried in their accounts, before the channel moves. */
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
          /** Why a launch could not be tried in the account: it has no network for it. */
          notTried: z.string().min(1).exactOptional(),
        }),
      )
      .min(1),
  }),
);

/** A consumer cannot launch what was shared with it. */
export const shareFailed = defineEvent(
  "share.failed",
  z.strictObject({
    image: imageName,
    build: buildArn,
    channel: channelName,
    region,
    amiId: artifactId,
    account,
    /** What was tried; `readable`: to read the channel's parameter, once the channel has moved. */
    proof: z.enum([...proofs, "readable"]),
    /** The piece that is missing, for people: `kms:CreateGrant denied by key policy`. */
    missing: z.string().min(1),
    /** What somebody can do about it. */
    fix: z.string().min(1).exactOptional(),
  }),
);

/**
 * What the factory does in consumers' accounts does not succeed in some of them. Told once for each account; it is
 * tried again each hour.
 */
export const consumersFailed = defineEvent(
  "consumers.failed",
  z.strictObject({
    /** Grants for Auto Scaling, or parameters: copies of a channel's, or a wave's. */
    work: z.enum(["grants", "mirror"]),
    image: imageName.optional(),
    channel: channelName.optional(),
    /** Left out: the copies of the channel's own parameter. */
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
