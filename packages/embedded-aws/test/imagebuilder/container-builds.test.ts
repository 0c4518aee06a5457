import type { BatchGetImageCommandOutput, DescribeImageScanFindingsCommandOutput } from "@aws-sdk/client-ecr";
import { describe, expect, test } from "vitest";
import { simulateInstances } from "../../src/services/imagebuilder/simulation.ts";
import { expectRefusal } from "../expect-refusal.ts";
import { makeRole } from "../policy.ts";
import { ACCOUNT, OTHER_REGION, REGION } from "./builder.ts";
import { aContainerBuilder, PUSH, REPOSITORY, TARGET, uri } from "./container-builder.ts";

const HOURS = 120;
const container = (region: string, containerTags: string[], repositoryName = REPOSITORY) => ({
  region,
  containerDistributionConfiguration: { containerTags, targetRepository: { service: "ECR", repositoryName } },
});

describe("a container build", () => {
  test("pushes one image to the recipe's repository and reports its progress", async () => {
    const { containerPipeline, start, pass, image, imagesIn, transitions, workflows, steps } =
      await aContainerBuilder();

    const arn = await start(await containerPipeline());
    await pass(HOURS);

    const found = await image(arn);
    expect(found).toMatchObject({
      type: "DOCKER",
      version: "1.0.0",
      state: { status: "AVAILABLE" },
      containerRecipe: { name: "acme web" },
      outputResources: { containers: [{ region: REGION, imageUris: [uri("1.0.0-1")] }] },
    });
    expect(found.imageRecipe).toBeUndefined();
    expect(await imagesIn()).toMatchObject([{ imageTags: ["1.0.0-1"] }]);
    expect(transitions()).toEqual([
      "CREATING > BUILDING acme-web/1.0.0/1",
      "BUILDING > TESTING acme-web/1.0.0/1",
      "TESTING > AVAILABLE acme-web/1.0.0/1",
    ]);
    const ran = await workflows(arn);
    const done = await steps(ran.find(({ type }) => type === "BUILD")?.workflowExecutionId);
    expect(ran.map(({ status, type }) => `${type} ${status}`).sort()).toEqual(["BUILD COMPLETED", "TEST COMPLETED"]);
    expect(done.map(({ status }) => status)).toEqual(Array(5).fill("COMPLETED"));
  });

  test("makes another image each time, labelled with what it is", async () => {
    const { containerPipeline, start, pass, imagesIn, call } = await aContainerBuilder();
    const pipeline = await containerPipeline();

    await start(pipeline);
    await pass(HOURS);
    await start(pipeline);
    await pass(HOURS);

    const images = await imagesIn();
    expect(images.map(({ imageTags }) => imageTags)).toEqual([["1.0.0-1"], ["1.0.0-2"]]);
    expect(new Set(images.map(({ imageDigest }) => imageDigest)).size).toBe(2);
    const { images: manifests } = await call<BatchGetImageCommandOutput>("ecr", "BatchGetImage", {
      repositoryName: REPOSITORY,
      imageIds: [{ imageTag: "1.0.0-2" }],
    });
    expect(JSON.parse(manifests?.[0]?.imageManifest ?? "{}").layers).toHaveLength(2);
  });

  test("is distributed to regions under their tags, with one digest everywhere", async () => {
    const { containerPipeline, distribution, start, pass, image, imagesIn, transitions } = await aContainerBuilder();
    const distributionConfigurationArn = await distribution([
      container(REGION, ["candidate-{{ imagebuilder:buildVersion }}"]),
      container(OTHER_REGION, ["candidate-{{ imagebuilder:buildVersion }}"]),
    ]);

    const arn = await start(await containerPipeline({ distributionConfigurationArn }));
    await pass(HOURS);

    const [here, there] = [await imagesIn(REGION), await imagesIn(OTHER_REGION)];
    expect((await image(arn)).outputResources?.containers).toEqual([
      { region: REGION, imageUris: [uri("1.0.0-1"), uri("candidate-1")] },
      { region: OTHER_REGION, imageUris: [uri("1.0.0-1", OTHER_REGION), uri("candidate-1", OTHER_REGION)] },
    ]);
    expect(here.map(({ imageTags }) => imageTags)).toEqual([["1.0.0-1", "candidate-1"]]);
    expect(there.map(({ imageDigest }) => imageDigest)).toEqual(here.map(({ imageDigest }) => imageDigest));
    expect(transitions().at(-1)).toBe("DISTRIBUTING > AVAILABLE acme-web/1.0.0/1");
  });

  test("fails in a region whose repository is missing or has immutable tags, and names it", async () => {
    const { containerPipeline, distribution, start, pass, image } = await aContainerBuilder();
    const distributionConfigurationArn = await distribution([
      container(REGION, ["candidate"]),
      container(OTHER_REGION, ["candidate"], "none"),
    ]);
    const pipeline = await containerPipeline({ distributionConfigurationArn });
    const first = await start(pipeline);
    await pass(HOURS);
    const second = await start(pipeline);
    await pass(HOURS);

    const [missing, immutable] = [await image(first), await image(second)];

    expect(missing.state).toMatchObject({ status: "FAILED" });
    expect(missing.state?.reason).toContain(
      `In region '${OTHER_REGION}' - 'The repository with name 'none' does not exist`,
    );
    expect(missing.state?.reason).not.toContain(`In region '${REGION}'`);
    expect(immutable.state?.reason).toContain("The image tag 'candidate' already exists in the 'acme/web' repository");
  });

  test.each([
    ["push", "ecr:InitiateLayerUpload"],
    ["look at a manifest, as a push does", "ecr:BatchGetImage"],
    ["read its recipe", "imagebuilder:GetContainerRecipe"],
  ])("fails where the instance may not %s, with AWS's words", async (_, action) => {
    const { containerPipeline, start, pass, image, imagesIn } = await aContainerBuilder({
      may: PUSH.filter((one) => one !== action),
    });

    const arn = await start(await containerPipeline());
    await pass(HOURS);

    const { state } = await image(arn);
    expect(state?.status).toBe("FAILED");
    expect(state?.reason).toContain("assumed-role/instance/");
    expect(state?.reason).toContain(`is not authorized to perform: ${action}`);
    expect(await imagesIn()).toEqual([]);
  });

  test.each([
    ["a public registry", "amazonlinux:2023"],
    ["ECR", `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/${REPOSITORY}:parent`],
  ])("fails where EC2 may not assume the instance's role, with a parent from %s", async (_, parentImage) => {
    const { aws, containerPipeline, builder, start, pass, image, call } = await aContainerBuilder();
    await makeRole(aws, ACCOUNT, "function", { Service: "lambda.amazonaws.com" });
    await call("iam", "CreateInstanceProfile", { InstanceProfileName: "function" });
    await call("iam", "AddRoleToInstanceProfile", { InstanceProfileName: "function", RoleName: "function" });
    const { infrastructureConfigurationArn } = await builder<{ infrastructureConfigurationArn: string }>(
      "CreateInfrastructureConfiguration",
      { name: "function", instanceProfileName: "function" },
    );

    const arn = await start(await containerPipeline({ infrastructureConfigurationArn }, { parentImage }));
    await pass(HOURS);

    const { state } = await image(arn);
    expect(state?.status).toBe("FAILED");
    expect(state?.reason).toContain("ec2.amazonaws.com is not authorized to assume the role");
  });

  test("fails where a container is too far away from its instance's metadata", async () => {
    const { containerPipeline, infrastructure, start, pass, image, imagesIn } = await aContainerBuilder();
    const infrastructureConfigurationArn = await infrastructure("one-hop", 1);

    const arn = await start(await containerPipeline({ infrastructureConfigurationArn }));
    await pass(HOURS);

    const { state } = await image(arn);
    expect(state?.status).toBe("FAILED");
    expect(state?.reason).toContain("the hop limit is 1 where a container needs 2");
    expect(await imagesIn()).toEqual([]);
  });

  test("builds on the newest image of a parent, by what it holds, and on none that is missing", async () => {
    const { containerPipeline, containerRecipe, builder, infrastructure, start, pass, image, imagesIn, call } =
      await aContainerBuilder();
    const parent = await containerPipeline();
    await start(parent);
    await pass(HOURS);
    const newest = await start(parent);
    await pass(HOURS);
    await call("ecr", "CreateRepository", { repositoryName: "acme/child" });
    const infrastructureConfigurationArn = await infrastructure("child");
    const child = async (name: string, parentImage: string) => {
      const targetRepository = { service: "ECR" as const, repositoryName: "acme/child" };
      const containerRecipeArn = await containerRecipe({ name, parentImage, targetRepository });
      const settings = { containerRecipeArn, infrastructureConfigurationArn };
      const made = await builder<{ imageBuildVersionArn: string }>("CreateImage", settings);
      return made.imageBuildVersionArn;
    };

    const built = await child("child", newest.replace(/2$/, "x"));
    const orphan = await child("orphan", uri("none"));
    await pass(HOURS);

    const get = async (repositoryName: string, imageTag: string): Promise<string> => {
      const asked = { repositoryName, imageIds: [{ imageTag }] };
      const { images } = await call<BatchGetImageCommandOutput>("ecr", "BatchGetImage", asked);
      return images?.[0]?.imageManifest ?? "";
    };
    expect((await image(built)).state?.status).toBe("AVAILABLE");
    expect((await image(orphan)).state?.reason).toBe(
      `Failed to resolve the parent image '${uri("none")}': Requested image not found`,
    );
    expect(await imagesIn(REGION, "acme/child")).toHaveLength(1);
    const [mine, parents] = [await get("acme/child", "1.0.0-1"), await get(REPOSITORY, "1.0.0-2")].map(
      (manifest): { digest: string }[] => JSON.parse(manifest).layers,
    );
    expect(mine).toHaveLength(3);
    expect(mine?.slice(0, 2)).toEqual(parents);
  });

  test("shows no findings for an unscanned container, and all for one that Inspector scanned", async () => {
    const { aws, containerPipeline, start, pass, image, builder, call, imagesIn, events } = await aContainerBuilder();
    await call("inspector2", "Enable", { resourceTypes: ["ECR"] });
    await call("ecr", "CreateRepository", { repositoryName: "scans" });
    simulateInstances(aws, ACCOUNT, REGION, {
      findings: () => [
        {
          severity: "HIGH",
          packageVulnerabilityDetails: {
            vulnerabilityId: "CVE-2026-1",
            vulnerablePackages: [{ name: "openssl", version: "3.2.1", fixedInVersion: "3.2.2" }],
          },
        },
      ],
    });
    const imageScanningConfiguration = {
      imageScanningEnabled: true,
      ecrConfiguration: { repositoryName: "scans", containerTags: ["scanned"] },
    };

    const arn = await start(await containerPipeline({ imageScanningConfiguration }));
    await pass(HOURS);

    const { findings } = await builder("ListImageScanFindings", {
      filters: [{ name: "imageBuildVersionArn", values: [arn] }],
    });
    const scanned = await imagesIn(REGION, "scans");
    const found = await call<DescribeImageScanFindingsCommandOutput>("ecr", "DescribeImageScanFindings", {
      repositoryName: REPOSITORY,
      imageId: { imageTag: "1.0.0-1" },
    });
    const detected = events.find((event) => event["detail-type"] === "EC2 Image Builder CVE Detected");
    expect((await image(arn)).scanState).toEqual({ status: "COMPLETED" });
    expect(findings).toMatchObject([{ severity: "HIGH", imageBuildVersionArn: arn }]);
    expect(scanned).toMatchObject([{ imageTags: ["scanned"] }]);
    expect(found.imageScanFindings?.enhancedFindings).toMatchObject([
      {
        severity: "HIGH",
        packageVulnerabilityDetails: {
          vulnerabilityId: "CVE-2026-1",
          vulnerablePackages: [{ name: "openssl", fixedInVersion: "3.2.2" }],
        },
      },
    ]);
    expect(detected?.detail).toMatchObject({
      "resource-id": `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/scans/${scanned[0]?.imageDigest}`,
      "finding-severity-counts": { all: 1, high: 1 },
    });
  });

  test("is scanned in a repository of Image Builder's own where none is named, and not where Inspector is off by then", async () => {
    const { call, containerPipeline, start, pass, image, imagesIn } = await aContainerBuilder();
    await call("inspector2", "Enable", { resourceTypes: ["ECR"] });

    const arn = await start(await containerPipeline({ imageScanningConfiguration: { imageScanningEnabled: true } }));
    await call("inspector2", "Disable", { resourceTypes: ["ECR"] });
    await pass(HOURS);

    expect((await image(arn)).scanState).toEqual({
      status: "FAILED",
      reason: `ECR scanning of Amazon Inspector is not enabled for account ${ACCOUNT} in ${REGION}.`,
    });
    expect(await imagesIn(REGION, "image-builder-image-scanning-repository")).toHaveLength(1);
  });

  test("has no pipeline that scans where Inspector is off for ECR", async () => {
    const { call, containerPipeline } = await aContainerBuilder();
    await call("inspector2", "Enable", { resourceTypes: ["EC2"] });

    const created = containerPipeline({ imageScanningConfiguration: { imageScanningEnabled: true } });

    await expectRefusal(
      created,
      "ResourceDependencyException",
      `Resource dependency error: Amazon Inspector is not enabled for 'ecr' resources in account '${ACCOUNT}'.`,
    );
  });

  test("can be cancelled", async () => {
    const { containerPipeline, start, pass, image, builder, imagesIn } = await aContainerBuilder();
    const arn = await start(await containerPipeline());
    await pass(5);

    await builder("CancelImageCreation", { imageBuildVersionArn: arn, clientToken: "cancel" });
    await pass(HOURS);

    expect((await image(arn)).state?.status).toBe("CANCELLED");
    expect(await imagesIn()).toEqual([]);
  });
});

test("a distribution of both AMIs and container images to a region is refused", async () => {
  const { distribution } = await aContainerBuilder();
  const both = {
    region: REGION,
    amiDistributionConfiguration: {},
    containerDistributionConfiguration: { targetRepository: TARGET },
  };

  await expect(distribution([both])).rejects.toMatchObject({ code: "InvalidParameterCombinationException" });
});
