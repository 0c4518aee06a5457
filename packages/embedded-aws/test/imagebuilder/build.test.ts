import type { DescribeImagesCommandOutput, DescribeSnapshotsCommandOutput } from "@aws-sdk/client-ec2";
import type { CreateKeyCommandOutput } from "@aws-sdk/client-kms";
import { describe, expect, test } from "vitest";
import { simulateInstances } from "../../src/services/imagebuilder/simulation.ts";
import { expectRefusal } from "../expect-refusal.ts";
import { ACCOUNT, aBuilder, builderArn, REGION } from "./builder.ts";

const IMAGE = builderArn("image/acme-base/1.0.0/1");

describe("A build", () => {
  test("is answered when queued, and passes BUILDING and TESTING to AVAILABLE, an event for each", async () => {
    const { pipeline, start, image, pass, events, transitions } = await aBuilder();
    const arn = await start(await pipeline());
    const queued = (await image(arn)).state?.status;

    await pass(60);

    expect(arn).toBe(IMAGE);
    expect(queued).toBe("PENDING");
    expect(transitions()).toEqual([
      "CREATING > BUILDING acme-base/1.0.0/1",
      "BUILDING > TESTING acme-base/1.0.0/1",
      "TESTING > AVAILABLE acme-base/1.0.0/1",
    ]);
    expect(events.at(-1)).toEqual({
      version: "0",
      id: expect.any(String),
      "detail-type": "EC2 Image Builder Image State Change",
      source: "aws.imagebuilder",
      account: ACCOUNT,
      time: "2026-04-01T08:27:32Z",
      region: REGION,
      resources: [IMAGE],
      detail: { "previous-state": { status: "TESTING" }, state: { status: "AVAILABLE" } },
    });
  });

  test("registers an AMI of the parent, tagged, encrypted by the recipe's key", async () => {
    const { call, pipeline, start, image, pass } = await aBuilder();
    const key = (await call<CreateKeyCommandOutput>("kms", "CreateKey")).KeyMetadata?.Arn;
    const ebs = { encrypted: true, kmsKeyId: key, volumeSize: 20, volumeType: "gp3" as const };
    const arn = await start(
      await pipeline({
        recipe: { blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs }], amiTags: { team: "platform" } },
      }),
    );

    await pass(60);

    const [ami] = (await image(arn)).outputResources?.amis ?? [];
    const described = await call<DescribeImagesCommandOutput>("ec2", "DescribeImages", { ImageIds: [ami?.image] });
    const found = described.Images?.[0];
    const snapshots = await call<DescribeSnapshotsCommandOutput>("ec2", "DescribeSnapshots", {
      SnapshotIds: [found?.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId],
    });
    expect(ami).toMatchObject({ region: REGION, accountId: ACCOUNT, name: found?.Name });
    expect(found?.Name).toMatch(/^acme-base 2026-04-01T08-2\d-\d\d\.\d{6}Z$/);
    expect(found).toMatchObject({ OwnerId: ACCOUNT, State: "available", Architecture: "x86_64" });
    expect(found?.Tags).toEqual(
      expect.arrayContaining([
        { Key: "team", Value: "platform" },
        { Key: "CreatedBy", Value: "EC2 Image Builder" },
        { Key: "Ec2ImageBuilderArn", Value: arn },
      ]),
    );
    expect(snapshots.Snapshots?.[0]).toMatchObject({ Encrypted: true, KmsKeyId: key, VolumeSize: 20 });
  });

  test("shows the default workflows with their steps, as AWS's own do", async () => {
    const { pipeline, start, workflows, steps, pass } = await aBuilder();
    const arn = await start(await pipeline());

    await pass(60);

    const [build, tested] = await workflows(arn);
    expect(build).toMatchObject({
      workflowBuildVersionArn: `arn:aws:imagebuilder:${REGION}:aws:workflow/build/build-image/1.0.3/1`,
      workflowExecutionId: expect.stringMatching(/^wf-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      type: "BUILD",
      status: "COMPLETED",
      totalStepCount: 7,
      totalStepsSucceeded: 6,
      totalStepsSkipped: 1,
    });
    expect(tested).toMatchObject({ type: "TEST", status: "COMPLETED", totalStepCount: 4, totalStepsSkipped: 1 });
    const buildSteps = await steps(build?.workflowExecutionId);
    expect(buildSteps.map(({ name, status }) => `${name} ${status}`)).toEqual([
      "LaunchBuildInstance COMPLETED",
      "ApplyBuildComponents COMPLETED",
      "InventoryCollection COMPLETED",
      "RunSanitizeScript COMPLETED",
      "RunSysPrepScript SKIPPED",
      "CreateOutputAMI COMPLETED",
      "TerminateBuildInstance COMPLETED",
    ]);
    expect(JSON.parse(buildSteps[0]?.outputs ?? "")).toEqual({ instanceId: expect.stringMatching(/^i-[0-9a-f]{17}$/) });
    expect(buildSteps[1]?.outputs).toContain("Simulated: nothing was executed");
  });

  test("counts build versions, and ListImagePipelineImages shows them", async () => {
    const { builder, pipeline, start, pass } = await aBuilder();
    const imagePipelineArn = await pipeline();
    await start(imagePipelineArn);
    await pass(60);

    const second = await start(imagePipelineArn);

    const listed = await builder<{ imageSummaryList: { arn: string; state: object }[] }>("ListImagePipelineImages", {
      imagePipelineArn,
    });
    expect(second).toBe(builderArn("image/acme-base/1.0.0/2"));
    expect(listed.imageSummaryList.map(({ arn, state }) => [arn, state])).toEqual([
      [IMAGE, { status: "AVAILABLE" }],
      [second, { status: "PENDING" }],
    ]);
  });

  test("lists its packages by name and version, 25 a page", async () => {
    const { aws, builder, pipeline, start, pass } = await aBuilder();
    const packages = Array.from({ length: 30 }, (_, index) => ({ name: `package-${index}`, version: "1.0" }));
    simulateInstances(aws, ACCOUNT, REGION, { packages: () => packages });
    const imageBuildVersionArn = await start(await pipeline());
    await pass(60);

    const first = await builder("ListImagePackages", { imageBuildVersionArn });
    const { nextToken } = first;
    const rest = await builder("ListImagePackages", { imageBuildVersionArn, nextToken });

    expect(first.imagePackageList).toHaveLength(25);
    expect(rest.imagePackageList).toHaveLength(5);
    expect(rest.imagePackageList?.at(-1)).toEqual({ packageName: "package-29", packageVersion: "1.0" });
    expect(rest.nextToken).toBeUndefined();
  });

  test("without tests goes from BUILDING to AVAILABLE", async () => {
    const { pipeline, start, pass, transitions } = await aBuilder();
    await start(await pipeline({ pipeline: { imageTestsConfiguration: { imageTestsEnabled: false } } }));

    await pass(60);

    expect(transitions().at(-1)).toBe("BUILDING > AVAILABLE acme-base/1.0.0/1");
  });

  test("that is cancelled ends CANCELLED: what ran, what was to come, and its scan", async () => {
    const { builder, call, pipeline, start, image, workflows, steps, pass, transitions } = await aBuilder();
    await call("inspector2", "Enable", { resourceTypes: ["EC2"] });
    const arn = await start(
      await pipeline({ pipeline: { imageScanningConfiguration: { imageScanningEnabled: true } } }),
    );
    await pass(5);

    await builder("CancelImageCreation", { imageBuildVersionArn: arn });
    await pass(120);

    const [build, ...others] = await workflows(arn);
    const statuses = (await steps(build?.workflowExecutionId)).map(({ status }) => status);
    expect(transitions().at(-1)).toBe("BUILDING > CANCELLED acme-base/1.0.0/1");
    expect(build?.status).toBe("CANCELLED");
    expect(statuses.slice(0, 3)).toEqual(["COMPLETED", "CANCELLED", "PENDING"]);
    expect(others).toEqual([]);
    expect(await image(arn)).toMatchObject({ state: { status: "CANCELLED" }, scanState: { status: "ABANDONED" } });
    await expectRefusal(builder("CancelImageCreation", { imageBuildVersionArn: arn }), "InvalidRequestException");
  });
});
