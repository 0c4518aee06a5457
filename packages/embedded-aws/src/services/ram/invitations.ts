import type * as Sdk from "@aws-sdk/client-ram";
import { afterWork } from "../../engine/clock/clock.ts";
import { AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { SETTLING_MS, settle } from "./associate.ts";
import { isAsked } from "./list-shares.ts";
import { associationKey, type Invitation, invitationsOf } from "./state.ts";

type Answer = { resourceShareInvitation: Sdk.ResourceShareInvitation; clientToken?: string };

export const operations = {
  /** Invitations that the caller received. */
  GetResourceShareInvitations: {
    list: "resourceShareInvitations",
    run(input, { aws, account, region }) {
      const found = [...invitationsOf(aws, account, region).values()].filter(
        (one) =>
          stands(one) &&
          isAsked(input.resourceShareInvitationArns, one.arn) &&
          isAsked(input.resourceShareArns, one.share.arn),
      );
      return { resourceShareInvitations: found.map(toInvitation) };
    },
  },
  AcceptResourceShareInvitation: {
    authorize: authorizeInvitation,
    run(input, call) {
      const { aws } = call;
      const invitation = pendingInvitation(call, input);
      invitation.status = "ACCEPTED";
      const principal = principalOf(invitation);
      if (principal) {
        afterWork(aws.clock, SETTLING_MS, () => settle(aws, invitation.share, principal, "ASSOCIATED"));
      }
      return answerOf(invitation, input);
    },
  },
  RejectResourceShareInvitation: {
    authorize: authorizeInvitation,
    run(input, call) {
      const invitation = pendingInvitation(call, input);
      invitation.status = "REJECTED";
      const principal = principalOf(invitation);
      if (principal) settle(call.aws, invitation.share, principal, "DISASSOCIATED");
      return answerOf(invitation, input);
    },
  },
} satisfies Operations<typeof Sdk>;

function authorizeInvitation({ resourceShareInvitationArn = "*" }: Sdk.AcceptResourceShareInvitationCommandInput) {
  return [{ resources: [resourceShareInvitationArn] }];
}

const principalOf = ({ share, receiver }: Invitation) =>
  share.associations.get(associationKey({ kind: "PRINCIPAL", entity: receiver }));

/** Invitations end when the share is deleted, or the principal is removed from it. */
const stands = (invitation: Invitation): boolean =>
  invitation.share.status === "ACTIVE" &&
  (invitation.status !== "PENDING" || principalOf(invitation)?.status === "ASSOCIATING");

/**
 * @throws MalformedArnException, ResourceShareInvitation{ArnNotFound,AlreadyAccepted,AlreadyRejected,Expired}Exception
 */
function pendingInvitation(
  { aws, account, region }: Call,
  { resourceShareInvitationArn: arn = "" }: Sdk.AcceptResourceShareInvitationCommandInput,
): Invitation {
  if (!/^arn:[^:]+:ram:[^:]+:\d{12}:resource-share-invitation\/[\w-]+$/.test(arn)) {
    throw new AwsError("MalformedArnException", `The specified invitation ARN ${arn} is not valid.`);
  }
  const invitation = invitationsOf(aws, account, region).get(arn);
  if (!invitation || !stands(invitation)) {
    throw new AwsError(
      "ResourceShareInvitationArnNotFoundException",
      `ResourceShareInvitation ${arn} could not be found.`,
    );
  }
  switch (invitation.status) {
    case "PENDING":
      return invitation;
    case "ACCEPTED":
      throw new AwsError(
        "ResourceShareInvitationAlreadyAcceptedException",
        `ResourceShareInvitation ${arn} has already been accepted.`,
      );
    case "REJECTED":
      throw new AwsError(
        "ResourceShareInvitationAlreadyRejectedException",
        `ResourceShareInvitation ${arn} has already been rejected.`,
      );
    case "EXPIRED":
      throw new AwsError("ResourceShareInvitationExpiredException", `ResourceShareInvitation ${arn} has expired.`);
  }
}

const toInvitation = ({ arn, share, receiver, sentAt, status }: Invitation): Sdk.ResourceShareInvitation => ({
  resourceShareInvitationArn: arn,
  resourceShareName: share.name,
  resourceShareArn: share.arn,
  senderAccountId: share.owner,
  receiverAccountId: receiver,
  invitationTimestamp: new Date(sentAt),
  status,
});

const answerOf = (invitation: Invitation, { clientToken }: Sdk.AcceptResourceShareInvitationCommandInput): Answer => ({
  resourceShareInvitation: toInvitation(invitation),
  ...(clientToken && { clientToken }),
});
