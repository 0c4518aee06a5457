import { organizationCall } from "../../events/aws/organization-call.ts";
import { organizationServiceEvent } from "../../events/aws/organization-service-event.ts";

/**
 * The organization setup: what the factory needs from the management account, besides trusted access and delegation, which
 * CloudFormation templates cannot create. `amint org setup` prints it.
 */

/** Organizations has one endpoint, and its events are in one region. */
export const ORGANIZATIONS_REGION = "us-east-1";

/** Services that need trusted access to the organization. */
export const trustedServices = {
  stackSets: "member.org.stacksets.cloudformation.amazonaws.com",
  ram: "ram.amazonaws.com",
} as const;

/** The actions of Organizations that follow-organization and `amint validate` call from the factory's account. */
export const readingActions = [
  "organizations:DescribeOrganization",
  "organizations:ListAWSServiceAccessForOrganization",
  "organizations:ListAccountsForParent",
  "organizations:ListDelegatedAdministrators",
  "organizations:ListOrganizationalUnitsForParent",
  "organizations:ListRoots",
  "organizations:ListTagsForResource",
] as const;

/** The role with which the management account's rule sends Organizations' events to the factory's bus. */
export const forwarderName = (factory: string): string => `amint-${factory}-forward-organization`;
export const forwarderArn = (partition: string, managementAccount: string, factory: string): string =>
  `arn:${partition}:iam::${managementAccount}:role/${forwarderName(factory)}`;

/**
 * Calls that change the tree, from CloudTrail (Organizations user guide, "Logging AWS Organizations API calls"), and events
 * that Organizations itself sends: an account was created, closed, joined (also by invitation) or departed.
 */
const calls = [
  "CreateOrganizationalUnit",
  "DeleteOrganizationalUnit",
  "MoveAccount",
  "RemoveAccountFromOrganization",
  "TagResource",
  "UntagResource",
];
const ends = ["AccountDepartedOrganization", "AccountJoinedOrganization", "CloseAccountResult", "CreateAccountResult"];

/** The pattern of events that invoke follow-organization. */
export const organizationChanges = {
  source: organizationCall.pattern.source,
  "detail-type": [...organizationCall.pattern["detail-type"], ...organizationServiceEvent.pattern["detail-type"]],
  detail: { eventName: [...calls, ...ends] },
};
