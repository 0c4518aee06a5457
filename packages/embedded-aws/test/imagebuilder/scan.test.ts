import { describe, expect, test } from "vitest";
import { simulateInstances } from "../../src/services/imagebuilder/simulation.ts";
import { expectRefusal, refusedStatus } from "../expect-refusal.ts";
import { ACCOUNT, aBuilder, builderArn, REGION } from "./builder.ts";

const SCANNING = { pipeline: { imageScanningConfiguration: { imageScanningEnabled: true } } };

const finding = (vulnerabilityId: string, severity: string) => ({
  severity,
  title: `${vulnerabilityId} - openssl`,
  fixAvailable: "YES",
  packageVulnerabilityDetails: { vulnerabilityId },
});

describe("Scanning an image", () => {
  test("completes during its tests and reports the counts of medium and above", async () => {
    const { aws, call, pipeline, start, image, pass, events } = await aBuilder();
    await call("inspector2", "Enable", { resourceTypes: ["EC2"] });
    simulateInstances(aws, ACCOUNT, REGION, {
      findings: () => [finding("CVE-1", "CRITICAL"), finding("CVE-2", "MEDIUM"), finding("CVE-3", "LOW")],
    });
    const arn = await start(await pipeline(SCANNING));
    const queued = (await image(arn)).scanState;

    await pass(60);

    const event = events.find((one) => one["detail-type"] === "EC2 Image Builder CVE Detected");
    expect(queued).toEqual({ status: "PENDING" });
    expect((await image(arn)).scanState).toEqual({ status: "COMPLETED" });
    expect(event).toMatchObject({
      source: "aws.imagebuilder",
      resources: [arn, builderArn("image-pipeline/acme-base")],
      detail: {
        "resource-id": expect.stringMatching(/^i-/),
        "finding-severity-counts": { all: 3, critical: 1, high: 0, medium: 1 },
      },
    });
  });

  test("puts an event with all zeros when nothing is found", async () => {
    const { call, pipeline, start, pass, events } = await aBuilder();
    await call("inspector2", "Enable", { resourceTypes: ["EC2"] });
    await start(await pipeline(SCANNING));

    await pass(60);

    const event = events.find((one) => one["detail-type"] === "EC2 Image Builder CVE Detected");
    expect(event?.detail).toMatchObject({ "finding-severity-counts": { all: 0, critical: 0, high: 0, medium: 0 } });
  });

  test("lists findings 25 a page, by filter", async () => {
    const { aws, call, builder, pipeline, start, pass } = await aBuilder();
    await call("inspector2", "Enable", { resourceTypes: ["EC2"] });
    const findings = Array.from({ length: 30 }, (_, index) => finding(`CVE-${index}`, index < 28 ? "HIGH" : "LOW"));
    simulateInstances(aws, ACCOUNT, REGION, { findings: () => findings });
    const arn = await start(await pipeline(SCANNING));
    await pass(60);
    // AWS takes one filter.
    const filters = [{ name: "severity", values: ["HIGH"] }];
    const list = (more: object) => builder("ListImageScanFindings", { filters, ...more });

    const first = await list({});
    const rest = await list({ nextToken: first.nextToken });

    expect(first.findings).toHaveLength(25);
    expect(rest.findings).toHaveLength(3);
    expect(rest.nextToken).toBeUndefined();
    expect(first.findings?.[0]).toMatchObject({
      awsAccountId: ACCOUNT,
      imageBuildVersionArn: arn,
      imagePipelineArn: builderArn("image-pipeline/acme-base"),
      type: "PACKAGE_VULNERABILITY",
      severity: "HIGH",
      fixAvailable: "YES",
    });
    await expectRefusal(list({ nextToken: "made up" }), "InvalidPaginationTokenException");
    await expectRefusal(list({ maxResults: 26 }), "InvalidParameterValueException");
    await expectRefusal(list({ filters: [{ name: "epss", values: [] }] }), "InvalidParameterValueException");
    expect(await builder("ListImageScanFindingAggregations")).toMatchObject({
      aggregationType: "accountId",
      responses: [{ accountAggregation: { accountId: ACCOUNT, severityCounts: { all: 30, high: 28 } } }],
    });
  });

  test("fails where Inspector is off by the time of the build, and the image is AVAILABLE all the same", async () => {
    const { call, pipeline, start, image, workflows, steps, pass } = await aBuilder();
    await call("inspector2", "Enable", { resourceTypes: ["EC2"] });
    const arn = await start(await pipeline(SCANNING));
    await call("inspector2", "Disable", { resourceTypes: ["EC2"] });

    await pass(60);

    const tested = (await workflows(arn))[1];
    expect(await image(arn)).toMatchObject({
      state: { status: "AVAILABLE" },
      scanState: { status: "FAILED", reason: `Amazon Inspector is not enabled for account ${ACCOUNT} in ${REGION}.` },
    });
    expect((await steps(tested?.workflowExecutionId))[1]).toMatchObject({
      name: "CollectImageScanFindings",
      status: "FAILED",
    });
  });

  test("is refused where Inspector is off for EC2, by a new pipeline, a changed one and a single image", async () => {
    const { builder, call, pipeline, infrastructure } = await aBuilder();
    const imagePipelineArn = await pipeline();
    const settings = {
      imageRecipeArn: builderArn("image-recipe/acme-base/1.0.0"),
      infrastructureConfigurationArn: await infrastructure("scanned"),
      ...SCANNING.pipeline,
    };
    await call("inspector2", "Enable", { resourceTypes: ["ECR"] });
    const off = {
      code: "ResourceDependencyException",
      message: `Resource dependency error: Amazon Inspector is not enabled for 'ec2' resources in account '${ACCOUNT}'.`,
    };

    await expect(builder("CreateImagePipeline", { name: "scanned", ...settings })).rejects.toMatchObject(off);
    await expect(builder("UpdateImagePipeline", { imagePipelineArn, ...settings })).rejects.toMatchObject(off);
    await expect(builder("CreateImage", settings)).rejects.toMatchObject(off);
    const refusal = await builder("CreateImage", settings).catch((error) => error);
    expect(await refusedStatus("imagebuilder", refusal)).toBe(400);
    await call("inspector2", "Enable", { resourceTypes: ["EC2"] });
    await expect(builder("CreateImagePipeline", { name: "scanned", ...settings })).resolves.toBeDefined();
  });

  test("is abandoned without tests", async () => {
    const { call, pipeline, start, image, pass } = await aBuilder();
    await call("inspector2", "Enable", { resourceTypes: ["EC2"] });
    const untested = { imageTestsConfiguration: { imageTestsEnabled: false }, ...SCANNING.pipeline };
    const arn = await start(await pipeline({ pipeline: untested }));

    await pass(60);

    expect((await image(arn)).scanState?.status).toBe("ABANDONED");
  });
});
