import type * as Sdk from "@aws-sdk/client-ec2";
import { AwsError, type Operations } from "../../../engine/operation.ts";
import { authorizeCreationTags, authorizeResource, ec2Arn } from "../authorization.ts";
import { toPredicate } from "../filters.ts";
import { missingParameter } from "../refusals.ts";
import { addTags, specifiedTags, tagsOf, toTags } from "../resource-tags.ts";
import { mainTable, networkOf, type Vpc } from "./state.ts";
import { requireOwn, requireVpc, visibleVpcs } from "./visible.ts";

export const operations = {
  CreateVpc: {
    authorize: ({ TagSpecifications }, call) => [
      { resources: [ec2Arn(call, "vpc", "*")] },
      ...authorizeCreationTags(call, "CreateVpc", TagSpecifications),
    ],
    run({ CidrBlock: cidr, TagSpecifications }, call) {
      const { aws, account } = call;
      if (!cidr) throw missingParameter("cidrBlock");
      const network = networkOf(aws, call);
      const id = `vpc-${aws.hexId(17)}`;
      const vpc: Vpc = { id, owner: account, cidr, isDefault: false, defaultGroupId: `sg-${aws.hexId(17)}` };
      network.vpcs.set(id, vpc);
      const table = mainTable(`rtb-${aws.hexId(17)}`, id, cidr);
      network.routeTables.set(table.id, table);
      addTags(aws, call, id, specifiedTags(TagSpecifications, "vpc"));
      return { Vpc: { ...toVpc(vpc), State: "pending", Tags: toTags(tagsOf(aws, call, id)) } };
    },
  },
  DescribeVpcs: {
    list: "Vpcs",
    run(input, call) {
      const named = input.VpcIds?.length
        ? input.VpcIds.map((id) => requireVpc(call.aws, call, id))
        : visibleVpcs(call.aws, call);
      const passes = toPredicate<Vpc>(
        input.Filters,
        {
          cidr: ({ cidr }) => cidr,
          "is-default": ({ isDefault }) => String(isDefault),
          isDefault: ({ isDefault }) => String(isDefault),
          "owner-id": ({ owner }) => owner,
          state: () => "available",
          "vpc-id": ({ id }) => id,
        },
        ({ id }) => tagsOf(call.aws, call, id),
      );
      return {
        Vpcs: named
          .filter(passes)
          .map((vpc) => ({ ...toVpc(vpc), State: "available" as const, Tags: toTags(tagsOf(call.aws, call, vpc.id)) })),
      };
    },
  },
  DescribeVpcAttribute: {
    run({ Attribute, VpcId = "" }, call) {
      const vpc = requireVpc(call.aws, call, VpcId);
      if (!Attribute) throw missingParameter("attribute");
      return { VpcId, ...toAttribute(vpc, Attribute) };
    },
  },
  ModifyVpcAttribute: {
    authorize: ({ VpcId }, call) => [authorizeResource(call, "vpc", VpcId)],
    run({ VpcId, ...input }, call) {
      const vpc = requireOwn(networkOf(call.aws, call).vpcs, VpcId, "InvalidVpcID.NotFound", "vpc");
      if (input.EnableNetworkAddressUsageMetrics) {
        const reason = "ec2:ModifyVpcAttribute is not built for EnableNetworkAddressUsageMetrics";
        throw new AwsError("NotImplemented", reason);
      }
      const [changed, ...others] = CHANGEABLE.filter((name) => input[name]?.Value !== undefined);
      if (!changed) throw missingParameter("attribute");
      if (others.length > 0) {
        throw new AwsError("InvalidParameterCombination", "Fields for multiple attribute types specified");
      }
      vpc.dns = { ...vpc.dns, [changed]: input[changed]?.Value };
    },
  },
} satisfies Operations<typeof Sdk>;

const CHANGEABLE = ["EnableDnsSupport", "EnableDnsHostnames"] as const;

/** Defaults of new VPCs; only default ones give their instances public host names (VPC guide, "DNS attributes"). */
function toAttribute({ isDefault, dns = {} }: Vpc, name: Sdk.VpcAttributeName) {
  const { EnableDnsSupport = true, EnableDnsHostnames = isDefault } = dns;
  switch (name) {
    case "enableDnsSupport":
      return { EnableDnsSupport: { Value: EnableDnsSupport } };
    case "enableDnsHostnames":
      return { EnableDnsHostnames: { Value: EnableDnsHostnames } };
    case "enableNetworkAddressUsageMetrics":
      return { EnableNetworkAddressUsageMetrics: { Value: false } };
  }
}

const toVpc = ({ id, cidr, isDefault, owner }: Vpc) => ({
  VpcId: id,
  CidrBlock: cidr,
  IsDefault: isDefault,
  OwnerId: owner,
  InstanceTenancy: "default" as const,
  DhcpOptionsId: "default",
});
