import { describe, expect, test } from "vitest";
import { FACTORY, PRODUCTION, REGION, STRANGER } from "../ec2/an-aws.ts";
import { containing, expectRefusal } from "../expect-refusal.ts";
import { policy } from "../policy.ts";
import { aRegistry, NAME } from "./a-registry.ts";

describe("a repository", () => {
  test("shows its URI, encryption and tag mutability", async () => {
    const { own, call, clock } = await aRegistry();
    const { KeyMetadata } = await call<{ KeyMetadata: { Arn: string; KeyId: string } }>(FACTORY, "kms", "CreateKey");

    const { repository } = await own.createRepository({
      repositoryName: "acme/base",
      imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
      imageTagMutabilityExclusionFilters: [{ filterType: "WILDCARD", filter: "channel-*" }],
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: { encryptionType: "KMS", kmsKey: KeyMetadata.KeyId },
    });

    expect(repository).toEqual({
      repositoryArn: `arn:aws:ecr:${REGION}:${FACTORY}:repository/acme/base`,
      registryId: FACTORY,
      repositoryName: "acme/base",
      repositoryUri: `${FACTORY}.dkr.ecr.${REGION}.amazonaws.com/acme/base`,
      createdAt: new Date(clock.now()),
      imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
      imageTagMutabilityExclusionFilters: [{ filterType: "WILDCARD", filter: "channel-*" }],
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: { encryptionType: "KMS", kmsKey: KeyMetadata.Arn },
    });
  });

  test("is encrypted with a key only by callers who may create grants on it", async () => {
    const { call, role } = await aRegistry();
    const { KeyMetadata } = await call<{ KeyMetadata: { Arn: string } }>(FACTORY, "kms", "CreateKey");
    const encryptionConfiguration = { encryptionType: "KMS", kmsKey: KeyMetadata.Arn };
    const able = await role(FACTORY, ["ecr:CreateRepository", "kms:DescribeKey", "kms:CreateGrant"]);
    const unable = await role(FACTORY, ["ecr:CreateRepository", "kms:DescribeKey"]);

    await able("ecr", "CreateRepository", { repositoryName: "able", encryptionConfiguration });
    const refused = unable("ecr", "CreateRepository", { repositoryName: "unable", encryptionConfiguration });

    await expect(refused).rejects.toThrow("not authorized to perform: kms:CreateGrant");
  });

  test("without a key is encrypted by S3's key, or with type KMS by ECR's own key", async () => {
    const { own, named } = await aRegistry();

    const plain = await own.describeRepositories({ repositoryNames: [named.repositoryName] });
    const { repository: managed } = await own.createRepository({
      repositoryName: "managed",
      encryptionConfiguration: { encryptionType: "KMS" },
    });

    expect(plain.repositories?.[0]?.encryptionConfiguration).toEqual({ encryptionType: "AES256" });
    expect(managed?.encryptionConfiguration?.kmsKey).toMatch(`arn:aws:kms:${REGION}:${FACTORY}:key/`);
  });

  test.each([
    [{ repositoryName: NAME }, "RepositoryAlreadyExistsException", `with name '${NAME}' already exists`],
    [{ repositoryName: "Upper" }, "InvalidParameterException", "repositoryName"],
    [
      { repositoryName: "a1", encryptionConfiguration: { encryptionType: "KMS" as const, kmsKey: "alias/none" } },
      "KmsException",
      "is not found",
    ],
    [
      { repositoryName: "a1", imageTagMutability: "IMMUTABLE_WITH_EXCLUSION" as const },
      "InvalidParameterException",
      "filter",
    ],
    [
      {
        repositoryName: "a1",
        imageTagMutability: "IMMUTABLE" as const,
        imageTagMutabilityExclusionFilters: [{ filterType: "WILDCARD" as const, filter: "a*" }],
      },
      "InvalidParameterException",
      "IMMUTABLE_WITH_EXCLUSION",
    ],
    [{ repositoryName: "a1", tags: [{ Key: "aws:x", Value: "v" }] }, "InvalidTagParameterException", "aws:x"],
  ])("%j is refused with %s", async (input, name, message) => {
    const { own } = await aRegistry();

    const creation = own.createRepository(input);

    await expectRefusal(creation, name, containing(message));
  });

  test("with images is deleted by force only", async () => {
    const { own, push, named } = await aRegistry();
    await push("one", "1");

    await expectRefusal(own.deleteRepository(named), "RepositoryNotEmptyException");
    await own.deleteRepository({ ...named, force: true });

    await expectRefusal(
      own.describeRepositories({ repositoryNames: [NAME] }),
      "RepositoryNotFoundException",
      `The repository with name '${NAME}' does not exist in the registry with id '${FACTORY}'`,
    );
  });

  test("has settings that change", async () => {
    const { own, named } = await aRegistry();

    await own.putImageScanningConfiguration({ ...named, imageScanningConfiguration: { scanOnPush: true } });

    const { repositories } = await own.describeRepositories({});
    expect(repositories?.[0]?.imageScanningConfiguration).toEqual({ scanOnPush: true });
  });
});

describe("a repository policy", () => {
  const pull = (more: object = {}) =>
    policy({ Effect: "Allow", Principal: "*", Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], ...more });

  test("is kept as it was set until it is deleted", async () => {
    const { own, named } = await aRegistry();

    await own.setRepositoryPolicy({ ...named, policyText: pull() });
    const { policyText } = await own.getRepositoryPolicy(named);
    await own.deleteRepositoryPolicy(named);

    expect(policyText).toBe(pull());
    await expectRefusal(own.getRepositoryPolicy(named), "RepositoryPolicyNotFoundException");
  });

  test.each([
    ["{", "JSON"],
    [pull({ Resource: "*" }), "Resource is not allowed"],
    [pull({ Principal: undefined }), "Principal is missing"],
    [pull({ Action: "s3:GetObject" }), "actions of ecr"],
    [pull({ Condition: { StringSomething: { "aws:PrincipalOrgID": "o-exampleorg1" } } }), "Invalid Condition type"],
    ['{"Statement":[]}', "no Statement"],
    [pull({ Effect: "Deny", Action: "ecr:*" }), "prevent you from setting"],
    [pull({ Sid: "s".repeat(10_240) }), "10240"],
  ])("%.60s is refused", async (policyText, message) => {
    const { own, named } = await aRegistry();

    const setting = own.setRepositoryPolicy({ ...named, policyText });

    await expectRefusal(setting, "InvalidParameterException", containing(message));
  });

  test("that locks its owner out is accepted with force", async () => {
    const { own, named } = await aRegistry();
    const policyText = pull({ Effect: "Deny", Action: "ecr:*" });

    await own.setRepositoryPolicy({ ...named, policyText, force: true });

    await expectRefusal(own.getRepositoryPolicy(named), "AccessDeniedException");
  });
});

test("any caller gets a token for the named registries, whatever it can access", async () => {
  const { ecr, clock } = await aRegistry();

  const { authorizationData } = await ecr(STRANGER).getAuthorizationToken({ registryIds: [FACTORY, PRODUCTION] });

  expect(authorizationData?.map(({ proxyEndpoint }) => proxyEndpoint)).toEqual([
    `https://${FACTORY}.dkr.ecr.${REGION}.amazonaws.com`,
    `https://${PRODUCTION}.dkr.ecr.${REGION}.amazonaws.com`,
  ]);
  expect(Buffer.from(authorizationData?.[0]?.authorizationToken ?? "", "base64").toString()).toMatch(/^AWS:./);
  expect(authorizationData?.[0]?.expiresAt).toEqual(new Date(clock.now() + 12 * 3_600_000));
});
