import type { ResourceShareAssociation } from "@aws-sdk/client-ram";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Call } from "../../engine/operation.ts";
import { invite } from "./invite.ts";
import { requirePrincipal } from "./principals.ts";
import { requireShareable } from "./shareable-resources.ts";
import { publishSharingState } from "./sharing-state-change.ts";
import { type Association, associationKey, type Share } from "./state.ts";

/** How long RAM takes to put an association into effect, or out of it. AWS says no more than "asynchronously". */
export const SETTLING_MS = 5_000;

interface Entities {
  readonly principals?: readonly string[] | undefined;
  readonly resourceArns?: readonly string[] | undefined;
}

/** What a request would add, all of it checked before anything is written. */
export function checkEntities(
  call: Call,
  share: Pick<Share, "owner" | "allowExternal">,
  { principals = [], resourceArns = [] }: Entities,
): Pick<Association, "kind" | "entity" | "external">[] {
  const known = [...new Set(principals)].map((one) => requirePrincipal(call.aws, share, one));
  for (const arn of resourceArns) requireShareable(call, arn);
  return [
    ...known.map((one) => ({ kind: "PRINCIPAL" as const, ...one })),
    ...[...new Set(resourceArns)].map((entity) => ({ kind: "RESOURCE" as const, entity, external: false })),
  ];
}

/** Puts entities into a share; those that are in it already stay as they are. */
export function associate(
  { aws }: Call,
  share: Share,
  entities: readonly Pick<Association, "kind" | "entity" | "external">[],
): Association[] {
  return entities.map((entity) => {
    const key = associationKey(entity);
    const there = share.associations.get(key);
    if (there && !there.status.startsWith("DISASSOCIAT")) return there;
    const now = aws.clock.now();
    const made: Association = { ...entity, status: "ASSOCIATING", created: now, updated: now };
    share.associations.set(key, made);
    // Who is outside comes in when the invitation is accepted.
    if (made.external) invite(aws, share, made);
    else aws.clock.after(SETTLING_MS, () => settle(aws, share, made, "ASSOCIATED"));
    return made;
  });
}

/** Takes entities out of a share. */
export function disassociate({ aws }: Call, share: Share, leaving: readonly Association[]): void {
  for (const one of leaving) {
    one.status = "DISASSOCIATING";
    one.updated = aws.clock.now();
    aws.clock.after(SETTLING_MS, () => settle(aws, share, one, "DISASSOCIATED", "DISASSOCIATING"));
  }
}

/** What was changed again in the meantime is left alone. */
export function settle(
  aws: EmbeddedAws,
  share: Share,
  one: Association,
  to: "ASSOCIATED" | "DISASSOCIATED",
  from: Association["status"] = "ASSOCIATING",
): void {
  if (one.status !== from) return;
  one.status = to;
  one.updated = aws.clock.now();
  publishSharingState(aws, share, one, to === "ASSOCIATED" ? "associated" : "disassociated");
}

export const toAssociation = (share: Share, one: Association): ResourceShareAssociation => ({
  resourceShareArn: share.arn,
  resourceShareName: share.name,
  associatedEntity: one.entity,
  associationType: one.kind,
  status: one.status,
  creationTime: new Date(one.created),
  lastUpdatedTime: new Date(one.updated),
  external: one.external,
});
