import { paginateDescribeImageScanFindings } from "@aws-sdk/client-ecr";
import { describe, expect, test } from "vitest";
import { describeContents } from "../../src/services/ecr/image-contents.ts";
import { FACTORY, REGION } from "../ec2/an-aws.ts";
import { aRegistry, DAY, MINUTE, manifestOf, NAME } from "./a-registry.ts";

const { digest } = manifestOf("one");
const finding = (vulnerabilityId: string, severity: string) => ({
  severity,
  packageVulnerabilityDetails: { vulnerabilityId, vulnerablePackages: [{ name: "openssl", version: "3.2.1" }] },
});
const asked = { repositoryName: NAME, imageId: { imageDigest: digest } };

/** A repository with an image in which scanners find one thing, and a second one two days later. */
async function aScannedRegistry({ scanOnPush = false, inspector = false } = {}) {
  const registry = await aRegistry({ imageScanningConfiguration: { scanOnPush } });
  const later = registry.clock.now() + 2 * DAY;
  describeContents(registry.aws, digest, (time) => [
    finding("CVE-2026-1", "HIGH"),
    ...(time < later ? [] : [finding("CVE-2026-2", "CRITICAL")]),
  ]);
  if (inspector) await registry.call(FACTORY, "inspector2", "Enable", { resourceTypes: ["ECR"] });
  await registry.push("one", "1");
  const scanEvents = () =>
    registry.events.filter((event) => event["detail-type"] !== "ECR Image Action").map(({ detail }) => detail);
  return { ...registry, scanEvents };
}

describe("a basic scan", () => {
  test("begins on push if the repository is configured for it, and puts an event when it ends", async () => {
    const { own, pass, scanEvents } = await aScannedRegistry({ scanOnPush: true });
    const before = await own.describeImageScanFindings(asked);

    await pass(5 * MINUTE);

    const after = await own.describeImageScanFindings(asked);
    expect(before).toMatchObject({ imageScanStatus: { status: "IN_PROGRESS" } });
    expect(before.imageScanFindings).toBeUndefined();
    expect(after).toMatchObject({
      imageScanStatus: { status: "COMPLETE" },
      imageScanFindings: {
        findingSeverityCounts: { HIGH: 1 },
        findings: [
          {
            name: "CVE-2026-1",
            severity: "HIGH",
            attributes: [
              { key: "package_name", value: "openssl" },
              { key: "package_version", value: "3.2.1" },
            ],
          },
        ],
      },
    });
    expect(scanEvents()).toEqual([
      {
        "scan-status": "COMPLETE",
        "repository-name": NAME,
        "finding-severity-counts": { HIGH: 1 },
        "image-digest": digest,
        "image-tags": ["1"],
      },
    ]);
  });

  test("keeps what it found, and can be repeated after a day", async () => {
    const { own, pass } = await aScannedRegistry();
    const counts = async () => (await own.describeImageScanFindings(asked)).imageScanFindings?.findingSeverityCounts;

    await expect(counts()).rejects.toMatchObject({ name: "ScanNotFoundException" });
    await own.startImageScan(asked);
    await expect(own.startImageScan(asked)).rejects.toMatchObject({ name: "LimitExceededException" });
    await pass(3 * DAY);
    const kept = await counts();
    await own.startImageScan(asked);
    await pass(5 * MINUTE);

    expect(kept).toEqual({ HIGH: 1 });
    expect(await counts()).toEqual({ HIGH: 1, CRITICAL: 1 });
  });
});

describe("Amazon Inspector's scan", () => {
  test("begins with each push, and continues to report findings", async () => {
    const { own, pass, scanEvents } = await aScannedRegistry({ inspector: true });
    const { scanningConfiguration } = await own.getRegistryScanningConfiguration({});
    await pass(5 * MINUTE);

    const soon = await own.describeImageScanFindings(asked);
    await pass(3 * DAY);
    const late = await own.describeImages({ repositoryName: NAME });

    expect(scanningConfiguration?.scanType).toBe("ENHANCED");
    expect(soon.imageScanStatus?.status).toBe("ACTIVE");
    expect(soon.imageScanFindings?.enhancedFindings).toMatchObject([
      {
        awsAccountId: FACTORY,
        severity: "HIGH",
        packageVulnerabilityDetails: { vulnerabilityId: "CVE-2026-1" },
        resources: [{ type: "AWS_ECR_CONTAINER_IMAGE" }],
      },
    ]);
    expect(late.imageDetails?.[0]?.imageScanFindingsSummary?.findingSeverityCounts).toEqual({ HIGH: 1, CRITICAL: 1 });
    expect(scanEvents()).toMatchObject([
      {
        "scan-status": "INITIAL_SCAN_COMPLETE",
        "repository-name": `arn:aws:ecr:${REGION}:${FACTORY}:repository/${NAME}`,
        "finding-severity-counts": { ALL: 1, HIGH: 1 },
      },
    ]);
    await expect(own.startImageScan(asked)).rejects.toMatchObject({ name: "ValidationException" });
  });

  test("is read in pages", async () => {
    const { own, pass } = await aScannedRegistry({ inspector: true });
    await pass(3 * DAY);

    const found: (string | undefined)[][] = [];
    for await (const page of paginateDescribeImageScanFindings({ client: own, pageSize: 1 }, asked)) {
      found.push((page.imageScanFindings?.enhancedFindings ?? []).map(({ severity }) => severity));
    }

    expect(found).toEqual([["HIGH"], ["CRITICAL"]]);
  });
});
