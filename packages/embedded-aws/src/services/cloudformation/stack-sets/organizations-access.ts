import type * as Sdk from "@aws-sdk/client-cloudformation";
import { defineState, type EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { type Authorization, AwsError, type Call, type Operations } from "../../../engine/operation.ts";
import { type Organization, organizationWith } from "../../organizations/state.ts";
import { requestTagContext } from "../../tag-context.ts";
import { validationError } from "../refusals.ts";
import { findStackSet } from "./state.ts";

/** The service principal for trusted access and delegation of service-managed stack sets. */
const SERVICE = "member.org.stacksets.cloudformation.amazonaws.com";

/** Ids of the organizations in which StackSets created its roles. */
const activated = defineState<Set<string>>("cloudformation.organizations-access", () => new Set());

/**
 * Trusted access by Organizations' EnableAWSServiceAccess is not enough: StackSets creates its roles only on its own
 * request (StackSets user guide, "Activate trusted access"; also reported as pepperize/cdk-organizations#1718).
 */
const hasAccess = (aws: EmbeddedAws, { id, trusted }: Organization): boolean =>
  trusted.has(SERVICE) && aws.state(activated, "", "").has(id);

/**
 * The organization whose stack sets the caller administers.
 * @throws AwsError ValidationError: outside an organization, not its administrator, or without trusted access
 */
export function administered(call: Call, callAs: Sdk.CallAs | undefined): Organization {
  const organization = organizationWith(call.aws, call.account);
  if (callAs === "DELEGATED_ADMIN") {
    if (!organization?.delegated.get(call.account)?.has(SERVICE)) {
      throw validationError("Account used is not a delegated administrator");
    }
  } else if (organization?.managementAccount !== call.account) {
    throw validationError(
      "You must be the management account or delegated admin account of an organization before operating a SERVICE_MANAGED stack set",
    );
  }
  if (organization && hasAccess(call.aws, organization)) return organization;
  throw validationError("You must enable organizations access to operate a service managed stack set");
}

/** StackSets' part of trusted access, for seeds; trust in Organizations is separate. */
export const seedOrganizationsAccess = (aws: EmbeddedAws, { id }: Organization): void => {
  aws.state(activated, "", "").add(id);
};

export const operations = {
  /** For the management account, which also needs permission to trust a service. */
  ActivateOrganizationsAccess: {
    authorize: (_input, { account }) => [
      {},
      {
        action: "iam:CreateServiceLinkedRole",
        resources: [
          `arn:aws:iam::${account}:role/aws-service-role/stacksets.cloudformation.amazonaws.com/AWSServiceRoleForCloudFormationStackSetsOrgAdmin`,
        ],
        context: { "iam:AWSServiceName": "stacksets.cloudformation.amazonaws.com" },
      },
    ],
    async run(_input, call) {
      const { id } = managed(call);
      await call.aws.call("organizations", "EnableAWSServiceAccess", { ServicePrincipal: SERVICE }, call);
      call.aws.state(activated, "", "").add(id);
    },
  },
  DeactivateOrganizationsAccess: {
    async run(_input, call) {
      const { id } = managed(call);
      await call.aws.call("organizations", "DisableAWSServiceAccess", { ServicePrincipal: SERVICE }, call);
      call.aws.state(activated, "", "").delete(id);
    },
  },
  DescribeOrganizationsAccess: {
    run(_input, { aws, account }) {
      const organization = organizationWith(aws, account);
      if (!organization) throw outside();
      // When AWS answers DISABLED_PERMANENTLY is not documented.
      return { Status: hasAccess(aws, organization) ? "ENABLED" : "DISABLED" };
    },
  },
} satisfies Operations<typeof Sdk>;

const outside = (): AwsError =>
  new AwsError("InvalidOperationException", "The account is not a member of an organization.");

function managed({ aws, account }: Call): Organization {
  const organization = organizationWith(aws, account);
  if (!organization) throw outside();
  if (organization.managementAccount === account) return organization;
  throw new AwsError(
    "InvalidOperationException",
    "Only the management account of an organization can change organizations access.",
  );
}

interface Asked {
  readonly StackSetName?: string | undefined;
  readonly Tags?: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined;
}

/** Authorizes the stack set; a new one has no id yet, so any of its name matches. */
export function authorizeStackSet(call: Call, { StackSetName = "", Tags = [] }: Asked): Partial<Authorization>[] {
  const { aws, account, region } = call;
  const owner = organizationWith(aws, account)?.managementAccount ?? account;
  const arn = `arn:${aws.partition}:cloudformation:${region}:${owner}:stackset/${StackSetName}:*`;
  const tags = Tags.map(({ Key = "", Value = "" }) => [Key, Value] as const);
  return [
    {
      resources: [findStackSet(aws, owner, region, StackSetName)?.arn ?? arn],
      context: requestTagContext(tags),
    },
  ];
}
