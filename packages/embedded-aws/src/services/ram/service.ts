import type { Service } from "../../engine/operation.ts";
import { bindTokens } from "../bound-tokens.ts";
import { associateResourceShare, disassociateResourceShare } from "./associate-resource-share.ts";
import { getResourceShareAssociations, getResourceShares } from "./get-resource-shares.ts";
import {
  acceptResourceShareInvitation,
  getResourceShareInvitations,
  rejectResourceShareInvitation,
} from "./invitations.ts";
import { listPrincipals, listResources } from "./list-shared.ts";
import { enableSharingWithAwsOrganization } from "./organization-sharing.ts";
import { recorded } from "./recorded.ts";
import { createResourceShare, deleteResourceShare, updateResourceShare } from "./resource-shares.ts";
import { tagResource, untagResource } from "./tag-resource.ts";

/** AWS Resource Access Manager: shares of Parameter Store's advanced parameters. */
export const service: Service = {
  name: "ram",
  recorded,
  client: () => import("@aws-sdk/client-ram"),
  operations: bindTokens(
    {
      AcceptResourceShareInvitation: acceptResourceShareInvitation,
      AssociateResourceShare: associateResourceShare,
      CreateResourceShare: createResourceShare,
      DeleteResourceShare: deleteResourceShare,
      DisassociateResourceShare: disassociateResourceShare,
      EnableSharingWithAwsOrganization: enableSharingWithAwsOrganization,
      GetResourceShareAssociations: getResourceShareAssociations,
      GetResourceShareInvitations: getResourceShareInvitations,
      GetResourceShares: getResourceShares,
      ListPrincipals: listPrincipals,
      ListResources: listResources,
      RejectResourceShareInvitation: rejectResourceShareInvitation,
      TagResource: tagResource,
      UntagResource: untagResource,
      UpdateResourceShare: updateResourceShare,
    },
    { asked: "nextToken", given: "nextToken", refusal: "InvalidNextTokenException" },
  ),
};
