import {
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { CreatePolicyCommand, CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { EnableCommand, Inspector2Client } from "@aws-sdk/client-inspector2";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { EmbeddedAws } from "embedded-aws";
import { seedKey } from "embedded-aws/seeds";
import { listAmis } from "../../adapters/advisories/owner-amis.ts";
import { readParameter } from "../../adapters/channel/parameters.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import type { IdOrTag } from "../../core/factory/network-schema.ts";
import { keyPolicy } from "../../core/share/key-policy.ts";
import { NETWORK } from "../organization/derived-organization.ts";
import { type ClientOptions, optionsInProcess } from "./client-options.ts";
import { publishParent } from "./publish-parent.ts";

interface Given {
  readonly factory: Factory;
  readonly account: string;
  readonly partition: string;
}

type Client<T> = new (options: ClientOptions) => T;

/** Calls accounts of an embedded AWS that does not listen yet. */
const reach =
  (aws: EmbeddedAws) =>
  <T>(Client: Client<T>, account: string, region: string): T =>
    new Client(optionsInProcess(aws, account, region));

/** Creates what a config names and its stack does not create: parents, keys, roles, a boundary, parameters, network tags. */
export async function seedPrerequisites(aws: EmbeddedAws, given: Given): Promise<void> {
  seedKeys(aws, given);
  await seedParents(aws, given);
  await seedRoles(aws, given);
  await seedParameters(aws, given);
  await enableInspector(aws, given);
  await tagNetwork(aws, given);
  await tagConsumers(aws, given);
}

function seedKeys(aws: EmbeddedAws, { factory, account, partition }: Given): void {
  for (const [region, arn] of Object.entries(factory.keys ?? {})) {
    const id = arn.slice(arn.lastIndexOf("/") + 1);
    const policy = JSON.stringify(keyPolicy(factory, { partition, account }));
    seedKey(aws, { account, region, id, policy });
  }
}

/** Publishes an AMI for each parent that has none in the embedded AWS. */
export async function seedParents(
  aws: EmbeddedAws,
  { factory, account }: Pick<Given, "factory" | "account">,
): Promise<void> {
  const ssm = reach(aws)(SSMClient, account, factory.buildRegion);
  const ec2 = reach(aws)(EC2Client, account, factory.buildRegion);
  for (const [image, { parent, architecture }] of Object.entries(factory.images)) {
    if ("ami" in parent) {
      const { owner, name } = parent.ami;
      if ((await listAmis(ec2, { owner, name, architecture })).length > 0) continue;
    } else if ("ssm" in parent) {
      if (await isThere(ssm, parent.ssm)) continue;
    } else continue;
    await publishParent(aws, { factory, account, image, version: "0" });
  }
}

/** Access to a parameter of another account is denied until it is shared. */
const isThere = async (ssm: SSMClient, name: string): Promise<boolean> =>
  (await readParameter(ssm, name).catch((error: Error) => {
    if (!name.startsWith("arn:") || error.name !== "AccessDeniedException") throw error;
  })) !== undefined;

const afterSlash = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1);
const policyOf = (...Statement: object[]): string => JSON.stringify({ Version: "2012-10-17", Statement });
const everything = policyOf({ Effect: "Allow", Action: "*", Resource: "*" });

async function seedRoles(aws: EmbeddedAws, { factory, account }: Given): Promise<void> {
  const { instanceRole, executionRole, permissionsBoundary, buildRegion } = factory;
  const iam = reach(aws)(IAMClient, account, buildRegion);
  if (permissionsBoundary?.includes(account)) {
    await iam.send(
      new CreatePolicyCommand({ PolicyName: afterSlash(permissionsBoundary), PolicyDocument: everything }),
    );
  }
  const roles = { "ec2.amazonaws.com": instanceRole, "imagebuilder.amazonaws.com": executionRole };
  for (const [Service, role] of Object.entries(roles)) {
    if (role === undefined) continue;
    const RoleName = afterSlash(role);
    const trust = policyOf({ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" });
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "all", PolicyDocument: everything }));
  }
}

async function seedParameters(aws: EmbeddedAws, { factory, account }: Given): Promise<void> {
  const ssm = reach(aws)(SSMClient, account, factory.buildRegion);
  for (const Name of factory.instanceParameters.filter((one) => !one.endsWith("/*"))) {
    await ssm.send(new PutParameterCommand({ Name, Value: "stand-in", Type: "String" }));
  }
}

/** If the config leaves Inspector to the organization, it is enabled. */
async function enableInspector(aws: EmbeddedAws, { factory, account }: Given): Promise<void> {
  if (factory.enableInspector) return;
  const inspector = reach(aws)(Inspector2Client, account, factory.buildRegion);
  await inspector.send(new EnableCommand({ resourceTypes: ["EC2", "ECR"] }));
}

const tagsOf = (named: IdOrTag): [key: string, value: string][] =>
  typeof named === "string" ? [] : Object.entries(named.tag);

/** The network gets the tags by which the config looks it up. */
async function tagNetwork(aws: EmbeddedAws, { factory, account }: Given): Promise<void> {
  const { network, buildRegion, images } = factory;
  const own = Object.values(images).flatMap((image) => image.network ?? []);
  if (!network) return;
  const ec2 = reach(aws)(EC2Client, account, buildRegion);
  const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({ Filters: [{ Name: "tag:Name", Values: [NETWORK] }] }));
  const VpcId = Vpcs[0]?.VpcId;
  // The file of the organization defines its own networks and tags.
  if (!VpcId) return;
  const { Subnets = [] } = await ec2.send(
    new DescribeSubnetsCommand({ Filters: [{ Name: "vpc-id", Values: [VpcId] }] }),
  );
  const wanted = Subnets.filter((one) => Boolean(one.MapPublicIpOnLaunch) === network.publicIp);
  const tag = async (resource: string | undefined, tags: [string, string][]) => {
    if (!resource || tags.length === 0) return;
    const Tags = tags.map(([Key, Value]) => ({ Key, Value }));
    await ec2.send(new CreateTagsCommand({ Resources: [resource], Tags }));
  };
  await tag(VpcId, tagsOf(network.vpcId));
  const subnets = [...network.subnetIds, ...own.flatMap(({ subnetIds = [] }) => subnetIds)];
  for (const [nth, subnet] of subnets.entries()) await tag(wanted[nth % wanted.length]?.SubnetId, tagsOf(subnet));
  const groups = [...(network.securityGroupIds ?? []), ...own.flatMap(({ securityGroupIds = [] }) => securityGroupIds)];
  for (const [nth, group] of groups.entries()) {
    const made = await ec2.send(
      new CreateSecurityGroupCommand({ GroupName: `try-${nth}`, Description: "for builds", VpcId }),
    );
    await tag(made.GroupId, tagsOf(group));
  }
}

/** In each account to verify, a subnet of the default VPC gets the tags by which the config looks it up. */
async function tagConsumers(aws: EmbeddedAws, { factory }: Given): Promise<void> {
  const { consumers, regions } = factory;
  if (!consumers) return;
  for (const account of new Set([...consumers.verify, ...(consumers.canary ? [consumers.canary.account] : [])])) {
    const where = consumers.subnets[account] ?? consumers.subnets["*"];
    if (!where || !("tag" in where)) continue;
    for (const region of regions) {
      const ec2 = reach(aws)(EC2Client, account, region);
      const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
      const Tags = Object.entries(where.tag as Record<string, string>).map(([Key, Value]) => ({ Key, Value }));
      await ec2.send(new CreateTagsCommand({ Resources: [Subnets[0]?.SubnetId ?? ""], Tags }));
    }
  }
}
