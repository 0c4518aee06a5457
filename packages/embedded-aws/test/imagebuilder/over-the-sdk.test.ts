import { CreateComponentCommand, Imagebuilder, paginateListImagePackages } from "@aws-sdk/client-imagebuilder";
import { expect, test } from "vitest";
import { inProcessHandler } from "../../src/in-process-handler.ts";
import { simulateInstances } from "../../src/services/imagebuilder/simulation.ts";
import { ACCOUNT, aBuilder, document, REGION } from "./builder.ts";

async function anSdkClient() {
  const builder = await aBuilder();
  const client = new Imagebuilder({
    region: REGION,
    credentials: { accessKeyId: ACCOUNT, secretAccessKey: "secret" },
    requestHandler: inProcessHandler(builder.aws),
    maxAttempts: 1,
  });
  return { ...builder, client };
}

test("The SDK reads a built image, its packages page by page, and findings with their dates", async () => {
  const { aws, call, client, pipeline, start, pass } = await anSdkClient();
  await call("inspector2", "Enable", { resourceTypes: ["EC2"] });
  simulateInstances(aws, ACCOUNT, REGION, {
    packages: () => Array.from({ length: 60 }, (_, index) => ({ name: `package-${index}`, version: "1.0" })),
    findings: () => [{ severity: "HIGH", packageVulnerabilityDetails: { vulnerabilityId: "CVE-1" } }],
  });
  const arn = await start(await pipeline({ pipeline: { imageScanningConfiguration: { imageScanningEnabled: true } } }));
  await pass(60);

  const { image } = await client.getImage({ imageBuildVersionArn: arn });
  const { findings } = await client.listImageScanFindings({});
  const pages: (number | undefined)[] = [];
  for await (const page of paginateListImagePackages({ client }, { imageBuildVersionArn: arn })) {
    pages.push(page.imagePackageList?.length);
  }

  expect(image).toMatchObject({ arn, state: { status: "AVAILABLE" }, scanState: { status: "COMPLETED" } });
  expect(findings?.[0]).toMatchObject({ severity: "HIGH", firstObservedAt: expect.any(Date) });
  expect(pages).toEqual([25, 25, 10]);
});

test("The SDK gets a failed image's reason; its types of this version drop the failure context", async () => {
  const { aws, client, pipeline, start, pass } = await anSdkClient();
  simulateInstances(aws, ACCOUNT, REGION, { step: () => ({ exitCode: 1 }) });
  const arn = await start(await pipeline());
  await pass(60);

  const { image } = await client.getImage({ imageBuildVersionArn: arn });

  expect(image?.state?.status).toBe("FAILED");
  expect(image?.state?.reason).toMatch(
    /^Workflow Execution ID: 'wf-.+' failed with reason: Document .+\/update-linux\/.+ failed!$/,
  );
});

test("The SDK sees refusals as AWS's exceptions", async () => {
  const { client } = await anSdkClient();
  const command = new CreateComponentCommand({
    name: "broken",
    semanticVersion: "1.0.0",
    platform: "Linux",
    data: document("build", "Install it"),
  });

  const refused = client.send(command);

  await expect(refused).rejects.toMatchObject({
    name: "InvalidParameterValueException",
    message: expect.stringContaining("(line 6)"),
    $metadata: { httpStatusCode: 400 },
  });
});
