import { organizationCall } from "../../events/aws/organization-call.ts";
import { organizationServiceEvent } from "../../events/aws/organization-service-event.ts";

/**
 * What the factory asks of the organization's management account, beside trusted access and delegation, which no
 * template can give. `amint org setup` prints it; the stack takes what comes from there.
 */

/** Organizations has one endpoint, and its events are in one region. */
export const ORGANIZATIONS_REGION = "us-east-1";

/** Services that must be trusted with the organization, and what for. */
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

/** The role by which the management account's rule puts Organizations' events on the factory's bus. */
export const forwarderName = (factory: string): string => `amint-${factory}-forward-organization`;
export const forwarderArn = (partition: string, managementAccount: string, factory: string): string =>
  `arn:${partition}:iam::${managementAccount}:role/${forwarderName(factory)}`;

/**
 * Calls that change who is where, as CloudTrail tells of them (Organizations user guide, "Logging AWS Organizations API
 * calls"), and what Organizations tells of itself: an account was made, closed, joined (by invitation, too), departed.
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

/** The events that follow-organization is told of. */
export const organizationChanges = {
  source: organizationCall.pattern.source,
  "detail-type": [...organizationCall.pattern["detail-type"], ...organizationServiceEvent.pattern["detail-type"]],
  detail: { eventName: [...calls, ...ends] },
};
