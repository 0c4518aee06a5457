import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { type Association, type Invitation, invitationsOf, type Share } from "./state.ts";

/** How long an invitation can be accepted: seven days (RAM user guide, "Accepting and rejecting invitations"). */
const INVITED_MS = 7 * 24 * 3600_000;

/** Invites an account into a share. An invitation that nobody answers ends, and the principal with it. */
export function invite(aws: EmbeddedAws, share: Share, principal: Association): void {
  const { region, owner } = share;
  const sentAt = aws.clock.now();
  const arn = `arn:${aws.partition}:ram:${region}:${owner}:resource-share-invitation/${aws.uuid()}`;
  const invitation: Invitation = { arn, share, receiver: principal.entity, sentAt, status: "PENDING" };
  invitationsOf(aws, principal.entity, region).set(arn, invitation);
  // Recurring: it drives no virtual time by a week.
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
