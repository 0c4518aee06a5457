import { Imagebuilder, paginateListImagePackages } from "@aws-sdk/client-imagebuilder";
import { expect, test } from "vitest";
import { inProcessHandler } from "../../src/in-process-handler.ts";
import { simulateInstances } from "../../src/services/imagebuilder/simulation.ts";
import { ACCOUNT, aBuilder, REGION } from "./builder.ts";

test("The SDK reads a built image, its packages page by page, and findings with their dates", async () => {
  const { aws, call, pipeline, start, pass } = await aBuilder();
  const client = new Imagebuilder({
    region: REGION,
    credentials: { accessKeyId: ACCOUNT, secretAccessKey: "secret" },
    requestHandler: inProcessHandler(aws),
  });
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
