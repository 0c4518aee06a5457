import type { DescribeImagesCommandOutput } from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { allow, policy, trust } from "../policy.ts";
import { ACCOUNT, aBuilder, OTHER_REGION, REGION } from "./builder.ts";

const [SHOP, BANK] = ["444455556666", "555566667777"] as const;
const ROLE = "EC2ImageBuilderDistributionCrossAccountRole";
const EXECUTION_ROLE = `arn:aws:iam::${ACCOUNT}:role/aws-service-role/imagebuilder.amazonaws.com/AWSServiceRoleForImageBuilder`;

/** A built image that is distributed into other accounts, whose roles let Image Builder in as its user guide has it. */
async function distributed(distributions: readonly object[], withRole: readonly string[] = [SHOP, BANK]) {
  const builder = await aBuilder();
  const { aws, call, start, pipeline, pass, image } = builder;
  const by =
    (account: string) =>
    (service: string, operation: string, input: object, region = REGION) =>
      call(service, operation, input, region, accountPrincipal(account));
  for (const account of withRole) {
    const Principal = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
    await by(account)("iam", "CreateRole", { RoleName: ROLE, AssumeRolePolicyDocument: trust(Principal) });
    await by(account)("iam", "AttachRolePolicy", {
      RoleName: ROLE,
      PolicyArn: "arn:aws:iam::aws:policy/Ec2ImageBuilderCrossAccountDistributionAccess",
    });
  }
  const arn = await start(await pipeline());
  await pass(60);
  const sourceImage = (await image(arn)).outputResources?.amis?.[0]?.image ?? "";
  const { distributionConfigurationArn } = await builder.builder("CreateDistributionConfiguration", {
    name: "everywhere",
    distributions,
  });
  const distribute = async () => {
    const input = { sourceImage, distributionConfigurationArn, executionRole: EXECUTION_ROLE };
    const { imageBuildVersionArn = "" } = await builder.builder("DistributeImage", input);
    await pass(60);
    return await image(imageBuildVersionArn);
  };
  const described = async (account: string, id: string | undefined, region: string) => {
    const answer = await by(account)("ec2", "DescribeImages", { ImageIds: [id] }, region);
    return (answer as DescribeImagesCommandOutput).Images?.[0];
  };
  return { aws, by, distribute, described, sourceImage };
}

const target = (...targetAccountIds: string[]) => ({ amiDistributionConfiguration: { targetAccountIds } });

describe("target accounts of a distribution", () => {
  it("get copies of their own in the region, tagged as Image Builder's", async () => {
    const { distribute, described, sourceImage } = await distributed([
      { region: REGION, ...target(ACCOUNT, SHOP) },
      { region: OTHER_REGION, ...target(SHOP, BANK) },
    ]);

    const { state, outputResources } = await distribute();

    const amis = outputResources?.amis ?? [];
    expect(state?.status).toBe("AVAILABLE");
    expect(amis.map(({ region, accountId }) => `${region} ${accountId}`)).toEqual([
      `${REGION} ${ACCOUNT}`,
      `${REGION} ${SHOP}`,
      `${OTHER_REGION} ${SHOP}`,
      `${OTHER_REGION} ${BANK}`,
    ]);
    expect(amis[0]?.image).toBe(sourceImage);
    for (const { image, accountId = "", region = "" } of amis.slice(1)) {
      const copy = await described(accountId, image, region);
      expect(copy).toMatchObject({ OwnerId: accountId, State: "available", SourceImageId: sourceImage });
      expect(copy?.Tags).toContainEqual({ Key: "CreatedBy", Value: "EC2 Image Builder" });
    }
  });

  it("share their copies with the accounts of the launch permission", async () => {
    const amiDistributionConfiguration = { targetAccountIds: [SHOP], launchPermission: { userIds: [BANK] } };
    const { by, distribute } = await distributed([{ region: OTHER_REGION, amiDistributionConfiguration }]);

    const [ami] = (await distribute()).outputResources?.amis ?? [];

    const asked = { ImageId: ami?.image, Attribute: "launchPermission" };
    expect(await by(SHOP)("ec2", "DescribeImageAttribute", asked, OTHER_REGION)).toMatchObject({
      LaunchPermissions: [{ UserId: BANK }],
    });
  });

  it("have the parameters that name them written where their roles may", async () => {
    const parameterName = "/imagebuilder/acme";
    const { by, distribute } = await distributed([
      {
        region: OTHER_REGION,
        ...target(ACCOUNT, SHOP),
        ssmParameterConfigurations: [{ parameterName }, { parameterName, amiAccountId: SHOP }],
      },
    ]);
    const put = allow("ssm:PutParameter");
    const document = { RoleName: ROLE, PolicyName: "ssm", PolicyDocument: policy(put) };
    await by(SHOP)("iam", "PutRolePolicy", document);

    const { outputResources } = await distribute();

    for (const { accountId = "", image } of outputResources?.amis ?? []) {
      const read = by(accountId)("ssm", "GetParameter", { Name: parameterName }, OTHER_REGION);
      expect(await read).toMatchObject({ Parameter: { Value: image } });
    }
  });

  it("without the role that Image Builder assumes fail by themselves", async () => {
    const { distribute } = await distributed([{ region: OTHER_REGION, ...target(SHOP, BANK) }], [SHOP]);

    const { state, outputResources } = await distribute();

    expect(outputResources?.amis?.map(({ accountId }) => accountId)).toEqual([SHOP]);
    expect(state).toMatchObject({
      status: "FAILED",
      reason: expect.stringContaining(`to the destination account (ID: ${BANK}) in Region ${OTHER_REGION}.`),
      failureContext: {
        failedStep: "DistributeImage",
        distributionFailure: {
          regionFailures: [
            {
              region: OTHER_REGION,
              status: "FAILED",
              targetAccountId: BANK,
              errorMessage: expect.stringMatching(/^STS Client Error: 'User: .* not authorized .* sts:AssumeRole/),
            },
          ],
        },
      },
    });
  });

  it("must include the account of a parameter", async () => {
    const ssmParameterConfigurations = [{ parameterName: "/imagebuilder/acme", amiAccountId: BANK }];
    const made = distributed([{ region: REGION, ...target(SHOP), ssmParameterConfigurations }]);

    await expect(made).rejects.toMatchObject({ code: "InvalidParameterValueException" });
  });
});
