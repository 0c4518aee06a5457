import { answered, type FactoryCall, PRESENT, ref, refused } from "../factory-call.ts";

const account = "111122223333";
const Name = "/shared/base/stable";
const resource = `arn:aws:ssm:eu-west-1:${account}:parameter${Name}`;
const organization = `arn:aws:organizations::${account}:organization/o-exampleorg1`;
/** An account outside the organization. */
const stranger = "555566667777";
const resourceShareArn = ref("share.resourceShare.resourceShareArn");
const invitation = `arn:aws:ram:eu-west-1:${stranger}:resource-share-invitation/none`;
const gone = { code: "UnknownResourceException", status: 400 };
const notInvited = { code: "ResourceShareInvitationArnNotFoundException", status: 400, message: "could not be found" };

export const SHARING_CALLS: readonly FactoryCall[] = [
  answered("ssm:PutParameter", { Name, Value: "ami-1", Type: "String", Tier: "Advanced" }, { Tier: "Advanced" }),
  refused(
    "ram:CreateResourceShare",
    { name: "early", principals: ["o-exampleorg1"] },
    { code: "InvalidParameterException", status: 400, message: "Principal ID o-exampleorg1 is malformed." },
  ),
  answered("ram:EnableSharingWithAwsOrganization", {}, { returnValue: true }),
  answered(
    "ram:CreateResourceShare",
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
    "ram:CreateResourceShare",
    { name: "missing", resourceArns: [`${resource}-none`] },
    { ...gone, message: "could not be found" },
  ),
  answered(
    "ram:GetResourceShareAssociations",
    { associationType: "PRINCIPAL", principal: organization },
    { "resourceShareAssociations.0.status": "ASSOCIATED", "resourceShareAssociations.0.external": false },
    { after: 1 },
  ),
  refused(
    "ram:GetResourceShareAssociations",
    { associationType: "RESOURCE", principal: stranger },
    { code: "InvalidParameterException", status: 400, message: "principal" },
  ),
  answered("ram:ListPrincipals", { resourceOwner: "SELF" }, { "principals.0.id": organization }),
  answered("ram:ListResources", { resourceOwner: "SELF" }, { "resources.0.type": "ssm:Parameter" }),
  answered("ram:ListResources", { resourceOwner: "OTHER-ACCOUNTS" }, { resources: [] }),
  answered(
    "ram:DisassociateResourceShare",
    { resourceShareArn, principals: [stranger] },
    { "resourceShareAssociations.0.status": "DISASSOCIATING" },
  ),
  answered(
    "ram:AssociateResourceShare",
    { resourceShareArn, principals: ["222233334444"] },
    { "resourceShareAssociations.0.status": "ASSOCIATING" },
  ),
  answered("ram:UpdateResourceShare", { resourceShareArn, name: "renamed" }, { "resourceShare.name": "renamed" }),
  answered("ram:TagResource", { resourceShareArn, tags: [{ key: "b", value: "c" }] }),
  answered("ram:UntagResource", { resourceShareArn, tagKeys: ["a"] }),
  answered(
    "ram:GetResourceShares",
    { resourceOwner: "SELF", name: "renamed" },
    { "resourceShares.0.tags": [{ key: "b", value: "c" }] },
  ),
  answered("ram:GetResourceShareInvitations", {}, { resourceShareInvitations: [] }),
  refused("ram:AcceptResourceShareInvitation", { resourceShareInvitationArn: invitation }, notInvited),
  refused("ram:RejectResourceShareInvitation", { resourceShareInvitationArn: invitation }, notInvited),
  answered("ram:DeleteResourceShare", { resourceShareArn }, { returnValue: true }),
  refused("ram:DeleteResourceShare", { resourceShareArn }, gone),
  answered("ssm:DeleteParameter", { Name }),
];
