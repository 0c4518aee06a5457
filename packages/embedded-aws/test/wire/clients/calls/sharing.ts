import { answered, type FactoryCall, ofService, PRESENT, ref, refused } from "../factory-call.ts";

const account = "111122223333";
const Name = "/shared/base/stable";
const resource = `arn:aws:ssm:eu-west-1:${account}:parameter${Name}`;
const organization = `arn:aws:organizations::${account}:organization/o-exampleorg1`;
/** An account outside the organization. */
const stranger = "555566667777";
const resourceShareArn = ref("share.resourceShare.resourceShareArn");
const invitation = `arn:aws:ram:eu-west-1:${stranger}:resource-share-invitation/none`;
const gone = "400 UnknownResourceException";
const notInvited = "400 ResourceShareInvitationArnNotFoundException: could not be found";

export const SHARING_CALLS: readonly FactoryCall[] = ofService("ram", [
  answered("ssm:PutParameter", { Name, Value: "ami-1", Type: "String", Tier: "Advanced" }, { Tier: "Advanced" }),
  refused(
    "CreateResourceShare",
    { name: "early", principals: ["o-exampleorg1"] },
    "400 InvalidParameterException: Principal ID o-exampleorg1 is malformed.",
  ),
  answered("EnableSharingWithAwsOrganization", {}, { returnValue: true }),
  answered(
    "CreateResourceShare",
    {
      name: "stable",
      resourceArns: [resource],
      principals: [organization, stranger],
      tags: [{ key: "a", value: "é" }],
    },
    { "resourceShare.status": "ACTIVE", "resourceShare.creationTime": PRESENT },
    { as: "share" },
  ),
  refused(
    "CreateResourceShare",
    { name: "missing", resourceArns: [`${resource}-none`] },
    `${gone}: could not be found`,
  ),
  answered(
    "GetResourceShareAssociations",
    { associationType: "PRINCIPAL", principal: organization },
    { "resourceShareAssociations.0.status": "ASSOCIATED", "resourceShareAssociations.0.external": false },
    { after: 1 },
  ),
  refused(
    "GetResourceShareAssociations",
    { associationType: "RESOURCE", principal: stranger },
    "400 InvalidParameterException: principal",
  ),
  answered("ListPrincipals", { resourceOwner: "SELF" }, { "principals.0.id": organization }),
  answered("ListResources", { resourceOwner: "SELF" }, { "resources.0.type": "ssm:Parameter" }),
  answered("ListResources", { resourceOwner: "OTHER-ACCOUNTS" }, { resources: [] }),
  answered(
    "DisassociateResourceShare",
    { resourceShareArn, principals: [stranger] },
    { "resourceShareAssociations.0.status": "DISASSOCIATING" },
  ),
  answered(
    "AssociateResourceShare",
    { resourceShareArn, principals: ["222233334444"] },
    { "resourceShareAssociations.0.status": "ASSOCIATING" },
  ),
  answered("UpdateResourceShare", { resourceShareArn, name: "renamed" }, { "resourceShare.name": "renamed" }),
  answered("TagResource", { resourceShareArn, tags: [{ key: "b", value: "c" }] }),
  answered("UntagResource", { resourceShareArn, tagKeys: ["a"] }),
  answered(
    "GetResourceShares",
    { resourceOwner: "SELF", name: "renamed" },
    { "resourceShares.0.tags": [{ key: "b", value: "c" }] },
  ),
  answered("GetResourceShareInvitations", {}, { resourceShareInvitations: [] }),
  refused("AcceptResourceShareInvitation", { resourceShareInvitationArn: invitation }, notInvited),
  refused("RejectResourceShareInvitation", { resourceShareInvitationArn: invitation }, notInvited),
  answered("DeleteResourceShare", { resourceShareArn }, { returnValue: true }),
  refused("DeleteResourceShare", { resourceShareArn }, gone),
  answered("ssm:DeleteParameter", { Name }),
]);
