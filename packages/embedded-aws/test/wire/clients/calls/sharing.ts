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
  answered("ssm:PutParameter", { Name, Value: "ami-1", Type: "String", Tier: "Advanced" }).says({ Tier: "Advanced" }),
  refused("CreateResourceShare", { name: "early", principals: ["o-exampleorg1"] }).with(
    "400 InvalidParameterException: Principal ID o-exampleorg1 is malformed.",
  ),
  answered("EnableSharingWithAwsOrganization").says({ returnValue: true }),
  answered("CreateResourceShare as share", {
    name: "stable",
    resourceArns: [resource],
    principals: [organization, stranger],
    tags: [{ key: "a", value: "é" }],
  }).says({ "resourceShare.status": "ACTIVE", "resourceShare.creationTime": PRESENT }),
  refused("CreateResourceShare", { name: "missing", resourceArns: [`${resource}-none`] }).with(
    `${gone}: could not be found`,
  ),
  answered(
    "GetResourceShareAssociations",
    { associationType: "PRINCIPAL", principal: organization },
    { after: 1 },
  ).says({ "resourceShareAssociations.0.status": "ASSOCIATED", "resourceShareAssociations.0.external": false }),
  refused("GetResourceShareAssociations", { associationType: "RESOURCE", principal: stranger }).with(
    "400 InvalidParameterException: principal",
  ),
  answered("ListPrincipals", { resourceOwner: "SELF" }).says({ "principals.0.id": organization }),
  answered("ListResources", { resourceOwner: "SELF" }).says({ "resources.0.type": "ssm:Parameter" }),
  answered("ListResources", { resourceOwner: "OTHER-ACCOUNTS" }).says({ resources: [] }),
  answered("DisassociateResourceShare", { resourceShareArn, principals: [stranger] }).says({
    "resourceShareAssociations.0.status": "DISASSOCIATING",
  }),
  answered("AssociateResourceShare", { resourceShareArn, principals: ["222233334444"] }).says({
    "resourceShareAssociations.0.status": "ASSOCIATING",
  }),
  answered("UpdateResourceShare", { resourceShareArn, name: "renamed" }).says({ "resourceShare.name": "renamed" }),
  answered("TagResource", { resourceShareArn, tags: [{ key: "b", value: "c" }] }),
  answered("UntagResource", { resourceShareArn, tagKeys: ["a"] }),
  answered("GetResourceShares", { resourceOwner: "SELF", name: "renamed" }).says({
    "resourceShares.0.tags": [{ key: "b", value: "c" }],
  }),
  answered("GetResourceShareInvitations").says({ resourceShareInvitations: [] }),
  refused("AcceptResourceShareInvitation", { resourceShareInvitationArn: invitation }).with(notInvited),
  refused("RejectResourceShareInvitation", { resourceShareInvitationArn: invitation }).with(notInvited),
  answered("DeleteResourceShare", { resourceShareArn }).says({ returnValue: true }),
  refused("DeleteResourceShare", { resourceShareArn }).with(gone),
  answered("ssm:DeleteParameter", { Name }),
]);
