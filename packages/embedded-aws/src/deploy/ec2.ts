import type {
  AuthorizeSecurityGroupEgressCommandInput,
  CreateSecurityGroupCommandInput,
  CreateSecurityGroupCommandOutput,
  IpPermission,
} from "@aws-sdk/client-ec2";
import type { EnableCommandInput, ResourceScanType } from "@aws-sdk/client-inspector2";
import type { CreateRuleInput, RuleOutput, TagOfResource } from "../services/rbin/rule-input.ts";
import { type Creator, type Site, tagList } from "./creator.ts";
import type { Inputs } from "./inputs.ts";

/** What a new group allows: the provider takes it away, as it takes every rule that the program does not name. */
const EVERYTHING: IpPermission = { IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] };

export const createSecurityGroup: Creator = async (inputs, site) => {
  const tags = tagList(inputs);
  const GroupName = inputs.maybeText("name") ?? site.name;
  const { GroupId = "" } = await site.call<CreateSecurityGroupCommandOutput>("ec2", "CreateSecurityGroup", {
    GroupName,
    Description: inputs.maybeText("description") ?? "Managed by Pulumi",
    VpcId: inputs.maybeText("vpcId"),
    ...(tags.length > 0 && { TagSpecifications: [{ ResourceType: "security-group", Tags: tags }] }),
  } satisfies CreateSecurityGroupCommandInput);
  await change(site, "RevokeSecurityGroupEgress", GroupId, [EVERYTHING]);
  await change(site, "AuthorizeSecurityGroupEgress", GroupId, inputs.list("egress").map(toPermission));
  await change(site, "AuthorizeSecurityGroupIngress", GroupId, inputs.list("ingress").map(toPermission));
  inputs.drop("says how the group is deleted one day", "revokeRulesOnDelete");
  const arn = `arn:aws:ec2:${site.region}:${site.account}:security-group/${GroupId}`;
  return { id: GroupId, name: GroupName, arn };
};

/** A rule as a resource of its own (`aws.vpc.SecurityGroupEgressRule`). */
export const createSecurityGroupRule =
  (direction: "Egress" | "Ingress"): Creator =>
  async (inputs, site) => {
    const group = inputs.text("securityGroupId");
    const [v4, v6] = [inputs.maybeText("cidrIpv4"), inputs.maybeText("cidrIpv6")];
    const Description = inputs.maybeText("description");
    const permission: IpPermission = {
      IpProtocol: inputs.text("ipProtocol"),
      FromPort: inputs.number("fromPort"),
      ToPort: inputs.number("toPort"),
      ...(v4 !== undefined && { IpRanges: [{ CidrIp: v4, Description }] }),
      ...(v6 !== undefined && { Ipv6Ranges: [{ CidrIpv6: v6, Description }] }),
    };
    await change(site, `AuthorizeSecurityGroup${direction}`, group, [permission]);
    inputs.drop("rules here have no tags", "tags");
    return { id: `${group}-${site.name}` };
  };

async function change(site: Site, operation: string, GroupId: string, IpPermissions: IpPermission[]): Promise<void> {
  if (IpPermissions.length === 0) return;
  await site.call("ec2", operation, { GroupId, IpPermissions } satisfies AuthorizeSecurityGroupEgressCommandInput);
}

function toPermission(rule: Inputs): IpPermission {
  const Description = rule.maybeText("description");
  const v4 = rule.texts("cidrBlocks") ?? [];
  const v6 = rule.texts("ipv6CidrBlocks") ?? [];
  return {
    IpProtocol: rule.text("protocol"),
    FromPort: rule.number("fromPort"),
    ToPort: rule.number("toPort"),
    ...(v4.length > 0 && { IpRanges: v4.map((CidrIp) => ({ CidrIp, Description })) }),
    ...(v6.length > 0 && { Ipv6Ranges: v6.map((CidrIpv6) => ({ CidrIpv6, Description })) }),
  };
}

export const createRule: Creator = async (inputs, site) => {
  const period = inputs.object("retentionPeriod");
  const delay = inputs.object("lockConfiguration")?.object("unlockDelay");
  const Description = inputs.maybeText("description");
  const ResourceTags = tagsOfResources(inputs.list("resourceTags"));
  const ExcludeResourceTags = tagsOfResources(inputs.list("excludeResourceTags"));
  const Tags = tagList(inputs);
  const rule: CreateRuleInput = {
    ResourceType: inputs.text("resourceType"),
    RetentionPeriod: {
      RetentionPeriodValue: period?.number("retentionPeriodValue") ?? 0,
      RetentionPeriodUnit: period?.text("retentionPeriodUnit") ?? "DAYS",
    },
    ...(Description !== undefined && { Description }),
    ...(ResourceTags.length > 0 && { ResourceTags }),
    ...(ExcludeResourceTags.length > 0 && { ExcludeResourceTags }),
    ...(Tags.length > 0 && { Tags }),
    ...(delay && {
      LockConfiguration: {
        UnlockDelay: {
          UnlockDelayValue: delay.number("unlockDelayValue") ?? 0,
          UnlockDelayUnit: delay.text("unlockDelayUnit"),
        },
      },
    }),
  };
  const { Identifier = "", RuleArn = "" } = await site.call<RuleOutput>("rbin", "CreateRule", rule);
  return { id: Identifier, arn: RuleArn };
};

const tagsOfResources = (some: readonly Inputs[]): TagOfResource[] =>
  some.map((one) => {
    const ResourceTagValue = one.maybeText("resourceTagValue");
    return {
      ResourceTagKey: one.text("resourceTagKey"),
      ...(ResourceTagValue !== undefined && { ResourceTagValue }),
    };
  });

export const createEnabler: Creator = async (inputs, site) => {
  const accountIds = inputs.texts("accountIds") ?? [];
  const resourceTypes = inputs.texts<ResourceScanType>("resourceTypes");
  await site.call("inspector2", "Enable", { accountIds, resourceTypes } satisfies EnableCommandInput);
  return { id: `${accountIds.join(":")}-${resourceTypes?.join(":")}` };
};
