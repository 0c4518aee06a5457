import { isDeepStrictEqual } from "node:util";
import type {
  AuthorizeSecurityGroupEgressCommandInput,
  CreateSecurityGroupCommandInput,
  CreateSecurityGroupCommandOutput,
  IpPermission,
} from "@aws-sdk/client-ec2";
import type { DisableCommandInput, EnableCommandInput, ResourceScanType } from "@aws-sdk/client-inspector2";
import type { CreateRuleInput, RuleOutput, TagOfResource } from "../services/rbin/rule-input.ts";
import type { Inputs } from "./inputs.ts";
import {
  type Create,
  type Existing,
  type ResourceType,
  retag,
  type Site,
  tagList,
  toTagList,
} from "./resource-type.ts";

/** The default rule of a new group, which the provider removes like every rule that the program does not name. */
const EVERYTHING: IpPermission = { IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] };

export const securityGroup: ResourceType = {
  async create(inputs, site) {
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
    inputs.drop("only used on deletion", "revokeRulesOnDelete");
    const arn = `arn:aws:ec2:${site.region}:${site.account}:security-group/${GroupId}`;
    return { id: GroupId, name: GroupName, arn };
  },
  async update(inputs, site, before) {
    const GroupId = before.attributes.id ?? "";
    for (const direction of ["Egress", "Ingress"] as const) {
      const key = direction.toLowerCase();
      const was = before.inputs.list(key).map(toPermission);
      const is = inputs.list(key).map(toPermission);
      const without = (some: IpPermission[], others: IpPermission[]) =>
        some.filter((one) => !others.some((other) => isDeepStrictEqual(one, other)));
      await change(site, `RevokeSecurityGroup${direction}`, GroupId, without(was, is));
      await change(site, `AuthorizeSecurityGroup${direction}`, GroupId, without(is, was));
    }
    await retag(inputs, before, site, tagging(GroupId));
    inputs.drop("a change replaces the group", "name", "description", "vpcId");
    inputs.drop("only used on deletion", "revokeRulesOnDelete");
    return before.attributes;
  },
  delete: ({ attributes: { id: GroupId } }, site) => site.call("ec2", "DeleteSecurityGroup", { GroupId }),
  replacedBy: ["name", "description", "vpcId"],
};

const tagging = (id: string) => ({
  service: "ec2",
  tag: (tags: Readonly<Record<string, string>>) => ["CreateTags", { Resources: [id], Tags: toTagList(tags) }] as const,
  untag: (keys: string[]) => ["DeleteTags", { Resources: [id], Tags: keys.map((Key) => ({ Key })) }] as const,
});

/** A rule that is a resource (`aws.vpc.SecurityGroupEgressRule`). */
export const securityGroupRule = (direction: "Egress" | "Ingress"): ResourceType => ({
  async create(inputs, site) {
    const { group, permission } = toOwnRule(inputs);
    await change(site, `AuthorizeSecurityGroup${direction}`, group, [permission]);
    return { id: `${group}-${site.name}` };
  },
  async update(inputs, site, before) {
    const was = toOwnRule(before.inputs);
    const is = toOwnRule(inputs);
    await change(site, `RevokeSecurityGroup${direction}`, was.group, [was.permission]);
    await change(site, `AuthorizeSecurityGroup${direction}`, is.group, [is.permission]);
    return before.attributes;
  },
  async delete({ inputs }, site) {
    const { group, permission } = toOwnRule(inputs);
    await change(site, `RevokeSecurityGroup${direction}`, group, [permission]);
  },
  replacedBy: ["securityGroupId"],
});

function toOwnRule(inputs: Inputs): { readonly group: string; readonly permission: IpPermission } {
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
  inputs.drop("rules have no tags here", "tags");
  return { group, permission };
}

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

function toRule(inputs: Inputs): CreateRuleInput {
  const period = inputs.object("retentionPeriod");
  const delay = inputs.object("lockConfiguration")?.object("unlockDelay");
  const Description = inputs.maybeText("description");
  const ResourceTags = tagsOfResources(inputs.list("resourceTags"));
  const ExcludeResourceTags = tagsOfResources(inputs.list("excludeResourceTags"));
  const Tags = tagList(inputs);
  return {
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
}

const tagsOfResources = (some: readonly Inputs[]): TagOfResource[] =>
  some.map((one) => {
    const ResourceTagValue = one.maybeText("resourceTagValue");
    return {
      ResourceTagKey: one.text("resourceTagKey"),
      ...(ResourceTagValue !== undefined && { ResourceTagValue }),
    };
  });

export const recycleBinRule: ResourceType = {
  async create(inputs, site) {
    const { Identifier = "", RuleArn = "" } = await site.call<RuleOutput>("rbin", "CreateRule", toRule(inputs));
    return { id: Identifier, arn: RuleArn };
  },
  async update(inputs, site, before) {
    const Identifier = before.attributes.id;
    const { Description, RetentionPeriod, ResourceType, ResourceTags, ExcludeResourceTags } = toRule(inputs);
    const rule = { Identifier, Description, RetentionPeriod, ResourceType, ResourceTags, ExcludeResourceTags };
    await site.call("rbin", "UpdateRule", rule);
    const ResourceArn = before.attributes.arn;
    await retag(inputs, before, site, {
      service: "rbin",
      tag: (tags) => ["TagResource", { ResourceArn, Tags: toTagList(tags) }],
      untag: (TagKeys) => ["UntagResource", { ResourceArn, TagKeys }],
    });
    return before.attributes;
  },
  delete: ({ attributes: { id: Identifier } }, site) => site.call("rbin", "DeleteRule", { Identifier }),
  replacedBy: ["resourceType", "lockConfiguration"],
};

const createEnabler: Create = async (inputs, site) => {
  const accountIds = inputs.texts("accountIds") ?? [];
  const resourceTypes = inputs.texts<ResourceScanType>("resourceTypes");
  await site.call("inspector2", "Enable", { accountIds, resourceTypes } satisfies EnableCommandInput);
  return { id: `${accountIds.join(":")}-${resourceTypes?.join(":")}` };
};

export const enabler: ResourceType = {
  create: createEnabler,
  delete: disable,
  async update(inputs, site, before) {
    const is = inputs.texts<ResourceScanType>("resourceTypes") ?? [];
    const gone = (before.inputs.texts<ResourceScanType>("resourceTypes") ?? []).filter((one) => !is.includes(one));
    const accountIds = inputs.texts("accountIds") ?? [];
    if (gone.length > 0) await site.call("inspector2", "Disable", { accountIds, resourceTypes: gone });
    return createEnabler(inputs, site);
  },
  replacedBy: ["accountIds"],
};

function disable({ inputs }: Existing, site: Site): Promise<unknown> {
  const accountIds = inputs.texts("accountIds") ?? [];
  const resourceTypes = inputs.texts<ResourceScanType>("resourceTypes");
  return site.call("inspector2", "Disable", { accountIds, resourceTypes } satisfies DisableCommandInput);
}
