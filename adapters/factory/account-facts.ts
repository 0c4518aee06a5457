import {
  DescribeImagesCommand,
  type EC2Client,
  GetEbsDefaultKmsKeyIdCommand,
  GetEbsEncryptionByDefaultCommand,
  paginateDescribeImages,
  paginateDescribeInstances,
} from "@aws-sdk/client-ec2";
import {
  type EvaluationResult,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  type IAMClient,
  paginateListAttachedRolePolicies,
  paginateSimulateCustomPolicy,
  paginateSimulatePrincipalPolicy,
} from "@aws-sdk/client-iam";
import { type ImagebuilderClient, paginateListImagePipelines } from "@aws-sdk/client-imagebuilder";
import { GetDelegatedAdminAccountCommand, type Inspector2Client } from "@aws-sdk/client-inspector2";
import { GetAccountSettingsCommand, GetFunctionConcurrencyCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { paginateListServiceQuotas, type ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import type { ParentAmi } from "../../core/factory/preflight/decide-parents.ts";
import type { Simulated } from "../../core/factory/preflight/decide-rights.ts";
import { unlessError } from "../unless-error.ts";

const NOT_FOUND = /^NoSuchEntity/;

const isNamed = (error: unknown, name: RegExp): boolean => error instanceof Error && name.test(error.name);

/** The organization's delegated administrator for Inspector, if any. */
export async function findInspectorAdministrator(client: Inspector2Client): Promise<string | undefined> {
  const found = await unlessError(client.send(new GetDelegatedAdminAccountCommand({})), /^ResourceNotFoundException$/);
  return found?.delegatedAdmin?.accountId;
}

/** A role's ARN; undefined if the role does not exist. */
export const findRoleArn = async (client: IAMClient, RoleName: string): Promise<string | undefined> =>
  (await unlessError(client.send(new GetRoleCommand({ RoleName })), NOT_FOUND))?.Role?.Arn;

/** A role of the caller's account with its trust policy and the names of its managed policies, if it exists. */
export async function findGivenRole(client: IAMClient, arn: string) {
  const RoleName = arn.slice(arn.lastIndexOf("/") + 1);
  try {
    const { Role } = await client.send(new GetRoleCommand({ RoleName }));
    // In another account, or with another path.
    if (!Role || Role.Arn !== arn) return undefined;
    const policies: string[] = [];
    for await (const { AttachedPolicies = [] } of paginateListAttachedRolePolicies({ client }, { RoleName })) {
      policies.push(...AttachedPolicies.flatMap(({ PolicyName }) => PolicyName ?? []));
    }
    return { arn, trust: decodeURIComponent(Role.AssumeRolePolicyDocument ?? ""), policies };
  } catch (error) {
    if (isNamed(error, NOT_FOUND)) return undefined;
    throw error;
  }
}

/** A managed policy's JSON, if it exists. */
export async function findPolicyDocument(client: IAMClient, PolicyArn: string): Promise<string | undefined> {
  const found = await unlessError(client.send(new GetPolicyCommand({ PolicyArn })), NOT_FOUND);
  if (!found) return undefined;
  const VersionId = found.Policy?.DefaultVersionId;
  const version = await unlessError(client.send(new GetPolicyVersionCommand({ PolicyArn, VersionId })), NOT_FOUND);
  return version && decodeURIComponent(version.PolicyVersion?.Document ?? "");
}

const EVERYTHING = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
});

/** What a permissions boundary allows of grants; resources by action. */
export async function simulateBoundary(
  client: IAMClient,
  boundary: string,
  grants: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<Simulated[]> {
  const simulated: Simulated[] = [];
  for (const [action, resources] of grants) {
    const asked = {
      PolicyInputList: [EVERYTHING],
      PermissionsBoundaryPolicyInputList: [boundary],
      ActionNames: [action],
      ResourceArns: [...resources],
    };
    for await (const { EvaluationResults } of paginateSimulateCustomPolicy({ client }, asked)) {
      simulated.push(...toSimulated(action, EvaluationResults));
    }
  }
  return simulated;
}

const toSimulated = (action: string, results: readonly EvaluationResult[] = []): Simulated[] =>
  results.map((one) => ({
    action,
    resource: one.EvalResourceName ?? "*",
    allowed: one.EvalDecision === "allowed",
    conditions: one.MissingContextValues ?? [],
    byBoundary: one.PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary === false,
  }));

/** Simulates one action on some resources for a role. */
export async function simulate(
  client: IAMClient,
  roleArn: string,
  action: string,
  resources: readonly string[],
  context: Readonly<Record<string, string>> = {},
): Promise<Simulated[]> {
  const asked = {
    PolicySourceArn: roleArn,
    ActionNames: [action],
    ResourceArns: [...resources],
    ContextEntries: Object.entries(context).map(([ContextKeyName, value]) => ({
      ContextKeyName,
      ContextKeyValues: [value],
      ContextKeyType: "string" as const,
    })),
  };
  const simulated: Simulated[] = [];
  for await (const { EvaluationResults } of paginateSimulatePrincipalPolicy({ client }, asked)) {
    simulated.push(...toSimulated(action, EvaluationResults));
  }
  return simulated;
}

/** An AMI's attributes for recipes; undefined where the account cannot see it. */
export async function findParentAmi(client: EC2Client, ami: string, now: Date): Promise<ParentAmi | undefined> {
  try {
    const { Images = [] } = await client.send(new DescribeImagesCommand({ ImageIds: [ami] }));
    const [image] = Images;
    return (
      image && {
        architecture: image.Architecture ?? "",
        rootDeviceType: image.RootDeviceType ?? "",
        rootDeviceName: image.RootDeviceName ?? "",
        volumeGiB: image.BlockDeviceMappings?.find(({ DeviceName }) => DeviceName === image.RootDeviceName)?.Ebs
          ?.VolumeSize,
        productCodes: (image.ProductCodes ?? []).flatMap(({ ProductCodeId }) => ProductCodeId ?? []),
        deprecated:
          image.DeprecationTime !== undefined && new Date(image.DeprecationTime) <= now
            ? image.DeprecationTime
            : undefined,
      }
    );
  } catch (error) {
    if (isNamed(error, /^InvalidAMIID/)) return undefined;
    throw error;
  }
}

/** Whether EBS encrypts by default in the client's region, and with which key. */
export async function readDefaultEncryption(client: EC2Client): Promise<{ encrypts: boolean; key: string }> {
  const { EbsEncryptionByDefault = false } = await client.send(new GetEbsEncryptionByDefaultCommand({}));
  const { KmsKeyId = "" } = await client.send(new GetEbsDefaultKmsKeyIdCommand({}));
  return { encrypts: EbsEncryptionByDefault, key: KmsKeyId };
}

export async function readConcurrency(
  client: LambdaClient,
  functions: readonly string[],
): Promise<{ limit: number; unreserved: number }> {
  const { AccountLimit } = await client.send(new GetAccountSettingsCommand({}));
  const reserved = await Promise.all(functions.map((name) => readReserved(client, name)));
  return {
    limit: AccountLimit?.ConcurrentExecutions ?? 0,
    unreserved: reserved.reduce((sum, count) => sum + count, AccountLimit?.UnreservedConcurrentExecutions ?? 0),
  };
}

/** Zero where the function is not deployed yet. */
async function readReserved(client: LambdaClient, FunctionName: string): Promise<number> {
  const asked = client.send(new GetFunctionConcurrencyCommand({ FunctionName }));
  return (await unlessError(asked, /^ResourceNotFoundException$/))?.ReservedConcurrentExecutions ?? 0;
}

/** The account's quotas of a service, by name. */
export async function readQuotas(client: ServiceQuotasClient, ServiceCode: string): Promise<Map<string, number>> {
  const quotas = new Map<string, number>();
  for await (const { Quotas = [] } of paginateListServiceQuotas({ client }, { ServiceCode })) {
    for (const { QuotaName = "", Value } of Quotas) if (Value !== undefined) quotas.set(QuotaName, Value);
  }
  return quotas;
}

/** The number of AMIs that the account has in the client's region. */
export async function countImages(client: EC2Client): Promise<number> {
  let count = 0;
  for await (const { Images = [] } of paginateDescribeImages({ client, pageSize: 1_000 }, { Owners: ["self"] })) {
    count += Images.length;
  }
  return count;
}

/** The types of the instances that count against the quotas of running instances. */
export async function listRunningTypes(client: EC2Client): Promise<string[]> {
  const types: string[] = [];
  const Filters = [{ Name: "instance-state-name", Values: ["pending", "running"] }];
  for await (const { Reservations = [] } of paginateDescribeInstances({ client, pageSize: 1_000 }, { Filters })) {
    for (const { Instances = [] } of Reservations)
      types.push(...Instances.flatMap(({ InstanceType }) => InstanceType ?? []));
  }
  return types;
}

/** The names of the pipelines in the client's region. */
export async function listPipelines(client: ImagebuilderClient): Promise<string[]> {
  const names: string[] = [];
  for await (const { imagePipelineList = [] } of paginateListImagePipelines({ client }, {})) {
    names.push(...imagePipelineList.flatMap(({ name }) => name ?? []));
  }
  return names;
}
