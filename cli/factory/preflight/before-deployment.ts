import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { EC2Client } from "@aws-sdk/client-ec2";
import { IAMClient } from "@aws-sdk/client-iam";
import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { Inspector2Client } from "@aws-sdk/client-inspector2";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { findUnscanned } from "../../../adapters/evidence/inspector-status.ts";
import {
  countImages,
  findInspectorAdministrator,
  findRoleArn,
  listPipelines,
  listRunningTypes,
  readConcurrency,
  readDefaultEncryption,
  readQuotas,
  simulate,
} from "../../../adapters/factory/account-facts.ts";
import { scannedResources } from "../../../core/evidence/scanned-resources.ts";
import { fine } from "../../../core/factory/preflight/check.ts";
import {
  decideConcurrency,
  decideEncryption,
  decideInspector,
  decideQuota,
  decideServiceLinkedRole,
  vcpusOf,
} from "../../../core/factory/preflight/decide-account.ts";
import { decideRights, type Simulated } from "../../../core/factory/preflight/decide-rights.ts";
import { pipelineName } from "../../../core/names.ts";
import { ORGANIZATIONS_REGION } from "../../../core/organization/management-side.ts";
import { checkRegions } from "../check-keys.ts";
import { checkOrganization, describeOrganization } from "../check-organization.ts";
import { type Asked, type AwsCheck, fromFindings } from "./aws-check.ts";
import { foreignComponents } from "./components.ts";
import { givenRoles, networks } from "./network.ts";
import { parents } from "./parents.ts";
import { rightsOfDeployment } from "./rights-of-deployment.ts";

/** Checks that need no deployed factory. */
export const beforeDeployment = (asked: Asked): AwsCheck[] => [
  ...account(asked),
  ...rights(asked),
  ...networks(asked),
  ...givenRoles(asked),
  ...parents(asked),
  ...foreignComponents(asked),
  ...quotas(asked),
];

function account({ factory, account: own, client }: Asked): AwsCheck[] {
  const { buildRegion, organization } = factory;
  const inspector = client(Inspector2Client, buildRegion);
  return [
    {
      check: "inspector",
      where: "enableInspector",
      actions: "inspector2:BatchGetAccountStatus and inspector2:GetDelegatedAdminAccount",
      run: async () => [
        decideInspector(factory, {
          unscanned: await findUnscanned(inspector, own, scannedResources(factory)),
          administrator: await findInspectorAdministrator(inspector),
          account: own,
        }),
      ],
    },
    {
      check: "regions",
      where: "regions",
      actions: "ec2:DescribeRegions",
      run: async () =>
        fromFindings(
          "regions",
          "regions",
          `${factory.regions.join(", ")} are enabled`,
          "the deployment, and copies to the region",
          await checkRegions(factory, client(EC2Client, buildRegion)),
        ),
    },
    {
      check: "trusted-access",
      where: `organization ${organization.id}`,
      actions: "organizations:DescribeOrganization and cloudformation:DescribeOrganizationsAccess",
      run: async () => {
        const organizations = client(OrganizationsClient, ORGANIZATIONS_REGION);
        const cloudformation = client(CloudFormationClient, buildRegion);
        const found = await describeOrganization(organizations);
        const right = "RAM and StackSets are trusted with the organization";
        const asks = { factory, account: own, organizations, cloudformation };
        return fromFindings(
          "trusted-access",
          `organization ${organization.id}`,
          right,
          "shares of parameters, and roles in consumers' accounts",
          await checkOrganization(asks, found),
        );
      },
    },
    {
      check: "ebs-encryption",
      where: "regions",
      actions: "ec2:GetEbsEncryptionByDefault and ec2:GetEbsDefaultKmsKeyId",
      run: async () =>
        decideEncryption(
          factory,
          await Promise.all(
            factory.regions.map(async (region) => ({
              region,
              ...(await readDefaultEncryption(client(EC2Client, region))),
            })),
          ),
        ),
    },
  ];
}

const SERVICE_LINKED_ROLE = "AWSServiceRoleForImageBuilder";

/** Concurrent simulations. */
const AT_ONCE = 5;

function rights({ factory, blueprint, account: own, caller, client }: Asked): AwsCheck[] {
  const iam = client(IAMClient, factory.buildRegion);
  const role = /:assumed-role\/([^/]+)\//.exec(caller)?.[1];
  const isRoot = caller.endsWith(":root");
  const slr = `arn:${blueprint.partition}:iam::${own}:role/aws-service-role/imagebuilder.amazonaws.com/${SERVICE_LINKED_ROLE}`;
  const principal = async () => (role ? await findRoleArn(iam, role) : caller) ?? caller;
  const actions = "iam:GetRole and iam:SimulatePrincipalPolicy";
  return [
    {
      check: "service-linked-role",
      where: SERVICE_LINKED_ROLE,
      actions,
      run: async () => {
        const exists = (await findRoleArn(iam, SERVICE_LINKED_ROLE)) !== undefined;
        if (exists || isRoot) return [decideServiceLinkedRole(exists, true)];
        const context = { "iam:AWSServiceName": "imagebuilder.amazonaws.com" };
        const said = await simulate(iam, await principal(), "iam:CreateServiceLinkedRole", [slr], context);
        return [
          decideServiceLinkedRole(
            exists,
            said.every(({ allowed }) => allowed),
          ),
        ];
      },
    },
    {
      check: "deployer-rights",
      where: caller,
      actions,
      run: async () => {
        if (isRoot)
          return [fine({ check: "deployer-rights", where: caller }, "the account's root user may do everything")];
        const arn = await principal();
        const { actions: needed, incomplete } = await rightsOfDeployment(factory, blueprint);
        const wanted = [...needed];
        const simulated: Simulated[] = [];
        for (let n = 0; n < wanted.length; n += AT_ONCE) {
          const some = wanted.slice(n, n + AT_ONCE);
          const said = some.map(([action, resources]) => simulate(iam, arn, action, [...resources]));
          simulated.push(...(await Promise.all(said)).flat());
        }
        return [decideRights(arn, simulated, incomplete)];
      },
    },
  ];
}

function quotas({ factory, blueprint, client }: Asked): AwsCheck[] {
  const { buildRegion: region, name, images } = factory;
  const ofType = (type: string) => blueprint.resources.filter((one) => one.type === type);
  const reserving = ofType("aws:lambda/function:Function").filter(
    ({ inputs }) => Number(inputs.reservedConcurrentExecutions ?? 0) > 0,
  );
  const types = ofType("aws:imagebuilder/infrastructureConfiguration:InfrastructureConfiguration").map(
    ({ inputs }) => (inputs.instanceTypes as string[] | undefined)?.[0] ?? "m5.large",
  );
  const own = new Set(Object.keys(images).map((image) => pipelineName(name, image)));
  const quota = (
    service: string,
    named: string,
    facts: () => Promise<{ used: number; adds: number }>,
    breaks: string,
  ) => ({
    check: "quota",
    where: `${service}: ${named} in ${region}`,
    actions: "servicequotas:ListServiceQuotas",
    run: async () => {
      const value = (await readQuotas(client(ServiceQuotasClient, region), service)).get(named);
      return [decideQuota({ service, name: named, region, value, ...(await facts()), breaks })];
    },
  });
  const ec2 = client(EC2Client, region);
  const vcpus = (some: readonly string[]) => some.reduce((sum, type) => sum + vcpusOf(type), 0);
  return [
    {
      check: "lambda-concurrency",
      where: `account quota in ${region}`,
      actions: "lambda:GetAccountSettings and lambda:GetFunctionConcurrency",
      run: async () => {
        const lambda = client(LambdaClient, region);
        const names = reserving.map(({ inputs }) => String(inputs.name));
        const reserves = reserving.reduce((sum, { inputs }) => sum + Number(inputs.reservedConcurrentExecutions), 0);
        return [decideConcurrency(await readConcurrency(lambda, names), reserves, region)];
      },
    },
    quota(
      "ec2",
      "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances",
      async () => ({
        used: vcpus((await listRunningTypes(ec2)).filter((type) => /^[acdhimrtz]\d/.test(type))),
        adds: vcpus(types),
      }),
      "builds that run at once: VcpuLimitExceeded",
    ),
    quota(
      "ec2",
      "AMIs",
      async () => ({ used: await countImages(ec2), adds: Object.keys(images).length }),
      "builds: ResourceLimitExceeded",
    ),
    quota(
      "imagebuilder",
      "Image pipelines",
      async () => {
        const there = await listPipelines(client(ImagebuilderClient, region));
        const ours = there.filter((one) => own.has(one)).length;
        return { used: there.length, adds: own.size - ours };
      },
      "the deployment: ServiceQuotaExceededException",
    ),
  ];
}
