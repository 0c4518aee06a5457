import { EC2Client } from "@aws-sdk/client-ec2";
import { IAMClient } from "@aws-sdk/client-iam";
import {
  findGivenRole,
  findPolicyDocument,
  simulate,
  simulateBoundary,
} from "../../../adapters/factory/account-facts.ts";
import { findDefaultSubnets, findGroupVpc, findSubnet, findVpc } from "../../../adapters/factory/network-facts.ts";
import type { IdOrTag, Network } from "../../../core/factory/network-schema.ts";
import { decideNetwork } from "../../../core/factory/preflight/decide-network.ts";
import { decideBoundary, decideRole } from "../../../core/factory/preflight/decide-rights.ts";
import type { Asked, AwsCheck } from "./aws-check.ts";
import { grantsOfRoles } from "./rights-of-deployment.ts";

type Given = Partial<Network>;

const say = (wanted: IdOrTag): string =>
  typeof wanted === "string" ? wanted : `with tags ${JSON.stringify(wanted.tag)}`;

/** Checks build networks: the factory's, those of images that override it, or the default VPC. */
export function networks({ factory, client }: Asked): AwsCheck[] {
  const { buildRegion: region, images } = factory;
  const ec2 = client(EC2Client, region);
  const built = Object.entries(images);
  const shared = built.filter(([, { network }]) => !network);
  const own = built.filter(([, { network }]) => network);
  const at = (where: string, some: typeof built, network: Given | undefined): AwsCheck => ({
    check: "network",
    where,
    actions: "ec2:DescribeVpcs, DescribeSubnets, DescribeRouteTables, DescribeVpcEndpoints and DescribeSecurityGroups",
    run: async () => {
      const merged = { ...factory.network, ...network };
      const wanted = merged.vpcId;
      const vpcId = await findVpc(ec2, wanted);
      const containers = some.some(([, { kind }]) => kind === "container");
      const facts = { where, region, wanted: wanted && say(wanted), vpcId, containers };
      if (vpcId === undefined) return decideNetwork({ ...facts, subnets: [], groups: [] });
      if (wanted === undefined) {
        const subnets = (await findDefaultSubnets(ec2, vpcId)).map((one) => ({ where, wanted: "", ...one }));
        return decideNetwork({ ...facts, subnets, groups: [] });
      }
      const subnets = (merged.subnetIds ?? []).map(async (subnet, n) => ({
        where: `${where}.subnetIds[${n}]`,
        wanted: say(subnet),
        ...(await findSubnet(ec2, subnet, vpcId)),
      }));
      const groups = (merged.securityGroupIds ?? []).map(async (group, n) => ({
        where: `${where}.securityGroupIds[${n}]`,
        wanted: say(group),
        vpcId: await findGroupVpc(ec2, group, vpcId),
      }));
      return decideNetwork({ ...facts, subnets: await Promise.all(subnets), groups: await Promise.all(groups) });
    },
  });
  return [
    ...(shared.length > 0 ? [at("network", shared, undefined)] : []),
    ...own.map(([name, image]) => at(`images.${name}.network`, [[name, image]], definedOf(image.network) as Given)),
  ];
}

/** Removes undefined members. */
const definedOf = <T extends object>(members: T | undefined) =>
  Object.fromEntries(Object.entries(members ?? {}).filter(([, value]) => value !== undefined));

/** Checks the roles and the boundary that the config names. */
export function givenRoles({ factory, blueprint, account, client }: Asked): AwsCheck[] {
  const iam = client(IAMClient, factory.buildRegion);
  const { instanceRole, executionRole, permissionsBoundary } = factory;
  const arnOf = (role: string) =>
    role.startsWith("arn:") ? role : `arn:${blueprint.partition}:iam::${account}:role/${role}`;
  const role = (where: string, wanted: string | undefined): AwsCheck[] =>
    wanted === undefined
      ? []
      : [
          {
            check: "roles",
            where,
            actions: "iam:GetRole, iam:ListAttachedRolePolicies and iam:SimulatePrincipalPolicy",
            run: async () => {
              const found = await findGivenRole(iam, arnOf(wanted));
              // Image Builder's own role may pass any role to EC2, so nothing needs checking.
              const by =
                where === "instanceRole" && executionRole !== undefined && found ? arnOf(executionRole) : undefined;
              const asked = by && (await findGivenRole(iam, by)) ? by : undefined;
              const context = { "iam:PassedToService": "ec2.amazonaws.com" };
              const said = asked
                ? await simulate(iam, asked, "iam:PassRole", [found?.arn ?? arnOf(wanted)], context)
                : [];
              const passing = said.map(({ allowed }) => ({ by: asked ?? "", allowed }));
              return [decideRole({ where, wanted, found, passing })];
            },
          },
        ];
  return [
    ...role("instanceRole", instanceRole),
    ...role("executionRole", executionRole),
    ...(permissionsBoundary === undefined
      ? []
      : [
          {
            check: "permissions-boundary",
            where: "permissionsBoundary",
            actions: "iam:GetPolicy, iam:GetPolicyVersion and iam:SimulateCustomPolicy",
            run: async () => {
              const document = await findPolicyDocument(iam, permissionsBoundary);
              const grants = grantsOfRoles(blueprint);
              const simulated = document === undefined ? undefined : await simulateBoundary(iam, document, grants);
              return [decideBoundary(permissionsBoundary, simulated)];
            },
          },
        ]),
  ];
}
