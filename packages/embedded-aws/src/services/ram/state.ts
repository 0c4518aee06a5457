import type * as Sdk from "@aws-sdk/client-ram";
import { defineState, type EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError } from "../../engine/operation.ts";

/** A principal or a resource in a share. */
export interface Association {
  readonly kind: "PRINCIPAL" | "RESOURCE";
  /** A principal's id (account, or ARN of an organization or OU), or a resource's ARN. */
  readonly entity: string;
  /** Outside the organization, or invited because organization sharing is off. */
  readonly external: boolean;
  readonly created: number;
  updated: number;
  status: Sdk.ResourceShareAssociationStatus;
}

export interface Share {
  readonly arn: string;
  readonly owner: string;
  readonly region: string;
  readonly created: number;
  name: string;
  allowExternal: boolean;
  status: Sdk.ResourceShareStatus;
  updated: number;
  readonly tags: Map<string, string>;
  /** By kind and entity. */
  readonly associations: Map<string, Association>;
  /** Type of resource -> ARN of the managed permission, if it is not the type's default. */
  readonly permissions: ReadonlyMap<string, string>;
}

export interface Invitation {
  readonly arn: string;
  readonly share: Share;
  readonly receiver: string;
  readonly sentAt: number;
  status: Sdk.ResourceShareInvitationStatus;
}

interface RamState {
  /** By ARN. */
  readonly shares: Map<string, Share>;
  /** The request of each client token. */
  readonly tokens: Map<string, { readonly request: string; readonly share: Share }>;
}

const ram = defineState<RamState>("ram", () => ({ shares: new Map(), tokens: new Map() }));
const sent = defineState<Map<string, Invitation>>("ram.invitations", () => new Map());

/** Shares are regional: visible only in their region. */
export const ramOf = (aws: EmbeddedAws, account: string, region: string): RamState => aws.state(ram, account, region);

/** Invitations by ARN that an account received in a region. */
export const invitationsOf = (aws: EmbeddedAws, receiver: string, region: string): Map<string, Invitation> =>
  aws.state(sent, receiver, region);

/** Shares of all accounts in a region, including the caller's own. */
export function* sharesIn(aws: EmbeddedAws, region: string): Iterable<Share> {
  for (const { region: where, state } of aws.places(ram)) if (where === region) yield* state.shares.values();
}

export const associationKey = ({ kind, entity }: Pick<Association, "kind" | "entity">): string => `${kind} ${entity}`;

/** @throws MalformedArnException, UnknownResourceException for a share that is deleted or another account's */
export function requireShare(aws: EmbeddedAws, account: string, region: string, arn: string | undefined): Share {
  if (!/^arn:[^:]+:ram:[^:]+:\d{12}:resource-share\/[\w-]+$/.test(arn ?? "")) {
    throw new AwsError("MalformedArnException", `The specified resource share ARN ${arn} is not valid.`);
  }
  const share = ramOf(aws, account, region).shares.get(arn ?? "");
  if (share?.status === "ACTIVE") return share;
  throw new AwsError("UnknownResourceException", `ResourceShare ${arn} could not be found.`);
}

/** Removes a deleted resource from all shares, so that a later one with the same name is not shared. */
export function forgetResource(aws: EmbeddedAws, region: string, arn: string): void {
  for (const { associations } of sharesIn(aws, region)) {
    associations.delete(associationKey({ kind: "RESOURCE", entity: arn }));
  }
}

export const invalidParameter = (message: string): AwsError => new AwsError("InvalidParameterException", message);
