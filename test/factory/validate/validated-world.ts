import { ActivateOrganizationsAccessCommand, CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { EC2Client } from "@aws-sdk/client-ec2";
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutPermissionCommand,
  PutRuleCommand,
} from "@aws-sdk/client-eventbridge";
import { IAMClient } from "@aws-sdk/client-iam";
import { Inspector2Client } from "@aws-sdk/client-inspector2";
import { CreateAliasCommand, CreateKeyCommand, EnableKeyRotationCommand, KMSClient } from "@aws-sdk/client-kms";
import { OrganizationsClient, RegisterDelegatedAdministratorCommand } from "@aws-sdk/client-organizations";
import { EnableSharingWithAwsOrganizationCommand, RAMClient } from "@aws-sdk/client-ram";
import { SSMClient } from "@aws-sdk/client-ssm";
import type { OrganizationSeed } from "embedded-aws/seeds";
import type { z } from "zod";
import { findFaults } from "../../../cli/factory/find-faults.ts";
import type { Finding } from "../../../cli/factory/finding.ts";
import type { factorySchema } from "../../../core/factory/factory-schema.ts";
import { organizationChanges, trustedServices } from "../../../core/organization/management-side.ts";
import type { Account } from "../../../core/organization/organization-tree.ts";
import { HOME } from "../../world/factory-of.ts";
import { FACTORY, MANAGEMENT, organization } from "../../world/organization.ts";
import { openWorld } from "../../world/world.ts";

type Config = z.input<typeof factorySchema>;

interface Wanted {
  readonly seed?: OrganizationSeed;
  readonly regions?: readonly string[];
  readonly share?: Config["images"][string]["channels"][number]["share"];
  readonly factory?: Partial<Config>;
  /** Steps that the management account has not done. */
  readonly without?: readonly ("ram" | "stacksets" | "delegation")[];
  readonly known?: readonly Account[];
}

const statement = (Sid: string, Action: string[], Condition: object) => ({
  Sid,
  Effect: "Allow",
  Principal: { AWS: "*" },
  Action,
  Resource: "*",
  Condition: { StringEquals: { "aws:PrincipalOrgID": organization.id }, ...Condition },
});

/** A key's policy as the stack creates it. */
export const keyStatements = [
  {
    Sid: "Account",
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${FACTORY}:root` },
    Action: "kms:*",
    Resource: "*",
  },
  statement("OrganizationUses", ["kms:DescribeKey", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"], {}),
  statement("OrganizationGrantsToServices", ["kms:CreateGrant"], { Bool: { "kms:GrantIsForAWSResource": "true" } }),
  statement("OrganizationGrantsToAutoScaling", ["kms:CreateGrant"], {
    ArnLike: {
      "kms:GranteePrincipal":
        "arn:aws:iam::*:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling*",
    },
  }),
];

/** By default an organization with everything that the factory requires; and `amint validate` without the command line. */
export async function openValidated({ seed, regions = [HOME], share, factory, known = [], without = [] }: Wanted = {}) {
  const world = await openWorld({
    channels: [{ name: "stable", share: share ?? { organization: true } }],
    regions,
    ...(seed && { seed }),
    ...(factory && { factory }),
  });
  const { client } = world;
  const management = { account: MANAGEMENT, region: "us-east-1" };
  const lacks = (what: NonNullable<Wanted["without"]>[number]) => without.includes(what);
  if (!lacks("ram")) await client(RAMClient, management).send(new EnableSharingWithAwsOrganizationCommand({}));
  if (!lacks("stacksets")) {
    await client(CloudFormationClient, management).send(new ActivateOrganizationsAccessCommand({}));
    if (!lacks("delegation")) {
      const delegation = { AccountId: FACTORY, ServicePrincipal: trustedServices.stackSets };
      await client(OrganizationsClient, management).send(new RegisterDelegatedAdministratorCommand(delegation));
    }
  }
  const clients = {
    organizations: client(OrganizationsClient, { region: "us-east-1" }),
    cloudformation: client(CloudFormationClient),
    cloudtrail: client(CloudTrailClient),
    ec2: client(EC2Client),
    events: client(EventBridgeClient),
    iam: client(IAMClient),
    inspector: client(Inspector2Client),
    kms: (region: string) => client(KMSClient, { region }),
    ssm: client(SSMClient),
  };
  const look = ({ account = FACTORY, organizations = clients.organizations } = {}) =>
    findFaults({ factory: world.factory, account, clients: { ...clients, organizations }, known: async () => known });
  return {
    ...world,
    clients,
    /** The factory's bus and rule, as the stack creates them. */
    async deployBus({ policy = true, state = "ENABLED" as "ENABLED" | "DISABLED" } = {}) {
      const EventBusName = "amint-sharing";
      const { EventBusArn } = await clients.events.send(new CreateEventBusCommand({ Name: EventBusName }));
      const forwarder = `arn:aws:iam::${MANAGEMENT}:role/amint-sharing-forward-organization`;
      const allowed = {
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${MANAGEMENT}:root` },
        Action: "events:PutEvents",
        Resource: EventBusArn,
        Condition: { ArnEquals: { "aws:PrincipalArn": forwarder } },
      };
      const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [allowed] });
      if (policy) await clients.events.send(new PutPermissionCommand({ EventBusName, Policy }));
      const EventPattern = JSON.stringify(organizationChanges);
      await clients.events.send(
        new PutRuleCommand({ Name: "amint-sharing-organization-changed", EventBusName, EventPattern, State: state }),
      );
    },
    /** A region's key, as the stack creates it. */
    async deployKey(
      region: string,
      { statements = keyStatements as object[], rotated = true, MultiRegion = false } = {},
    ) {
      const kms = clients.kms(region);
      const Policy = JSON.stringify({ Version: "2012-10-17", Statement: statements });
      const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Policy, MultiRegion }));
      const KeyId = KeyMetadata?.KeyId ?? "";
      await kms.send(new CreateAliasCommand({ AliasName: "alias/amint-sharing-images", TargetKeyId: KeyId }));
      if (rotated) await kms.send(new EnableKeyRotationCommand({ KeyId }));
      return { KeyId, kms, arn: KeyMetadata?.Arn };
    },
    look,
    findings: async (): Promise<readonly Finding[]> => (await look()).findings,
  };
}
