import type { ResourceShareAssociation } from "@aws-sdk/client-ram";
import { afterWork } from "../../engine/clock/clock.ts";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Call } from "../../engine/operation.ts";
import { idFrom } from "../events/event.ts";
import { publishServiceEvent } from "../events/publish-service-event.ts";
import { accountsWithBuses } from "../events/state.ts";
import { isAwaited } from "../events/watch.ts";
import { means, requirePrincipal } from "./principals.ts";
import { requireShareable } from "./shareable-resources.ts";
import { type Association, associationKey, type Invitation, invitationsOf, type Share } from "./state.ts";

/** Delay until an association or disassociation takes effect. AWS only says "asynchronously". */
export const SETTLING_MS = 5_000;

interface Entities {
  readonly principals?: readonly string[] | undefined;
  readonly resourceArns?: readonly string[] | undefined;
}

/** The associations that a request would add, all checked before any is stored. */
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

/** Adds entities to a share; existing ones stay unchanged. */
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
    // External principals are added when they accept the invitation.
    if (made.external) invite(aws, share, made);
    else afterWork(aws.clock, SETTLING_MS, () => settle(aws, share, made, "ASSOCIATED"));
    return made;
  });
}

/** Removes entities from a share. */
export function disassociate({ aws }: Call, share: Share, leaving: readonly Association[]): void {
  for (const one of leaving) {
    one.status = "DISASSOCIATING";
    one.updated = aws.clock.now();
    afterWork(aws.clock, SETTLING_MS, () => settle(aws, share, one, "DISASSOCIATED", "DISASSOCIATING"));
  }
}

/** Ignores entities that were changed again in the meantime. */
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

/** How long an invitation is valid: seven days (RAM user guide, "Accepting and rejecting invitations"). */
const INVITED_MS = 7 * 24 * 3600_000;

/** Invites an account into a share. Without an answer the invitation expires, and the principal is removed. */
function invite(aws: EmbeddedAws, share: Share, principal: Association): void {
  const { region, owner } = share;
  const sentAt = aws.clock.now();
  const arn = `arn:${aws.partition}:ram:${region}:${owner}:resource-share-invitation/${aws.uuid()}`;
  const invitation: Invitation = { arn, share, receiver: principal.entity, sentAt, status: "PENDING" };
  invitationsOf(aws, principal.entity, region).set(arn, invitation);
  // Recurring, so that it does not advance virtual time by a week.
  const options = { recurring: true };
  aws.clock.after(
    INVITED_MS,
    () => {
      if (invitation.status !== "PENDING") return;
      invitation.status = "EXPIRED";
      principal.status = "DISASSOCIATED";
      principal.updated = aws.clock.now();
    },
    options,
  );
}

const EVENT = { source: "aws.ram", "detail-type": "Resource Sharing State Change" };

/**
 * Notifies the share's owner and the principals. The user guide ("Monitoring AWS RAM using EventBridge") documents the
 * recipients, `detail.event` and the status `failed`; the other statuses and `resources` are inferred. Nothing fails
 * here.
 */
function publishSharingState(
  aws: EmbeddedAws,
  share: Share,
  changed: Association,
  status: "associated" | "disassociated",
): void {
  const { region, owner, arn } = share;
  const principals =
    changed.kind === "PRINCIPAL"
      ? [changed]
      : [...share.associations.values()].filter(({ kind }) => kind === "PRINCIPAL");
  for (const account of new Set([owner, ...accountsWithBuses(aws, region)])) {
    if (account !== owner && !principals.some((one) => means(one, aws, account))) continue;
    const event = { ...EVENT, account, region, detail: { event: "Resource Share Association", status } };
    if (!isAwaited(aws, event)) continue;
    const id = idFrom([account, arn, changed.kind, changed.entity, changed.updated, status].join(" "));
    publishServiceEvent(aws, { ...event, resources: [arn], id });
  }
}
