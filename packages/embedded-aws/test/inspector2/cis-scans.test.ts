import { describe, expect, test } from "vitest";
import {
  type InstancePlan,
  type SimulatedCisCheck,
  simulateInstances,
} from "../../src/services/imagebuilder/simulation.ts";
import { expectRefusal } from "../expect-refusal.ts";
import { ACCOUNT, aBuilder, document, REGION } from "../imagebuilder/builder.ts";
import { allow, policy } from "../policy.ts";

const AGENT = ["StartCisSession", "SendCisSessionHealth", "SendCisSessionTelemetry", "StopCisSession"];

const check = (n: number, status: SimulatedCisCheck["status"], level: 1 | 2 = 1): SimulatedCisCheck => ({
  checkId: `1.1.${n}`,
  title: `Check ${n}`,
  level,
  status,
});

const checks = [
  check(1, "PASSED"),
  check(2, "FAILED"),
  check(3, "NOT_APPLICABLE"),
  check(4, "ERROR"),
  check(5, "PASSED", 2),
];

interface Scans {
  scans: {
    scanArn: string;
    status: string;
    failedChecks?: number;
    totalChecks?: number;
    scanConfigurationArn: string;
  }[];
  nextToken?: string;
}

interface Targets {
  targetResourceAggregations: { targetResourceId: string; targetStatus: string; statusCounts: object }[];
}

interface Details {
  scanResultDetails: { checkId: string; status: string }[];
  nextToken?: string;
}

/** A build whose test instance has itself scanned, by a script with the rights of its role. */
async function aScannedBuild(plan: InstancePlan = {}, rights: readonly string[] = AGENT, level = "LEVEL_1") {
  const world = await aBuilder();
  const { aws, call } = world;
  const inspector = <Output>(operation: string, input: object = {}) => call<Output>("inspector2", operation, input);
  await inspector("Enable", { resourceTypes: ["EC2"] });
  const Action = [
    "ec2:DescribeTags",
    "inspector2:CreateCisScanConfiguration",
    ...rights.map((one) => `inspector2:${one}`),
  ];
  await call("iam", "PutRolePolicy", {
    RoleName: "instance",
    PolicyName: "scan",
    PolicyDocument: policy(allow(Action)),
  });
  let instance = "";
  simulateInstances(aws, ACCOUNT, REGION, {
    cis: () => checks,
    script: ({ step, instanceId }, shell) =>
      step !== "Boot"
        ? undefined
        : (async () => {
            instance = instanceId;
            const Filters = [{ Name: "resource-id", Values: [instanceId] }];
            const { Tags } = await shell.call<{ Tags: { Key: string; Value: string }[] }>("ec2", "DescribeTags", {
              Filters,
            });
            const build = Tags.find(({ Key }) => Key === "Ec2ImageBuilderArn")?.Value;
            await shell.call("inspector2", "CreateCisScanConfiguration", {
              scanName: `scan of ${instanceId}`,
              securityLevel: level,
              schedule: { oneTime: {} },
              targets: { accountIds: ["SELF"], targetResourceTags: { Ec2ImageBuilderArn: [build] } },
            });
            await shell.sleep(600_000);
            return {};
          })(),
    ...plan,
  });
  const smoke = await world.component("smoke", document("test", "Boot"));
  const made = await world.builder<{ imagePipelineArn: string }>("CreateImagePipeline", {
    name: "acme-base",
    imageRecipeArn: await world.recipe({ components: [{ componentArn: smoke }] }),
    infrastructureConfigurationArn: await world.infrastructure(),
  });
  const build = await world.start(made.imagePipelineArn);
  await world.pass(90);
  const [scan] = (await inspector<Scans>("ListCisScans")).scans;
  return { ...world, inspector, build, instance, scan };
}

describe("A CIS scan", () => {
  test("finds the instance by Image Builder's tag, and reports each check of its level", async () => {
    const { inspector, scan, instance, image, build } = await aScannedBuild();

    const { targetResourceAggregations } = await inspector<Targets>("ListCisScanResultsAggregatedByTargetResource", {
      scanArn: scan?.scanArn,
    });
    const { scanResultDetails } = await inspector<Details>("GetCisScanResultDetails", {
      scanArn: scan?.scanArn,
      accountId: ACCOUNT,
      targetResourceId: instance,
    });

    expect((await image(build)).state?.status).toBe("AVAILABLE");
    expect(scan).toMatchObject({ status: "COMPLETED", failedChecks: 1, totalChecks: 4 });
    expect(targetResourceAggregations).toMatchObject([
      {
        targetResourceId: instance,
        targetStatus: "COMPLETED",
        statusCounts: { passed: 1, failed: 1, skipped: 2 },
        targetResourceTags: { Ec2ImageBuilderArn: [build] },
      },
    ]);
    expect(scanResultDetails.map(({ checkId, status }) => `${checkId} ${status}`)).toEqual([
      "1.1.1 PASSED",
      "1.1.2 FAILED",
      "1.1.3 SKIPPED",
      "1.1.4 SKIPPED",
    ]);
  });

  test("of level 2 includes level 1", async () => {
    const { scan } = await aScannedBuild({}, AGENT, "LEVEL_2");

    expect(scan).toMatchObject({ totalChecks: 5 });
  });

  test.each(AGENT)("ends without a check where the instance's role may not %s", async (missing) => {
    const { scan } = await aScannedBuild(
      {},
      AGENT.filter((one) => one !== missing),
    );

    expect(scan).toMatchObject({ status: "COMPLETED", totalChecks: 0 });
  });

  test("of a system without a benchmark reports that", async () => {
    const { inspector, scan } = await aScannedBuild({ cis: () => "UNSUPPORTED_OS" });

    const { targetResourceAggregations } = await inspector<Targets>("ListCisScanResultsAggregatedByTargetResource", {
      scanArn: scan?.scanArn,
    });

    expect(targetResourceAggregations).toMatchObject([
      { targetStatusReason: "UNSUPPORTED_OS", statusCounts: { passed: 0, failed: 0, skipped: 0 } },
    ]);
  });

  test("of tags that no running instance has reaches none", async () => {
    const { inspector, build, pass } = await aScannedBuild();

    await inspector("CreateCisScanConfiguration", {
      scanName: "late",
      securityLevel: "LEVEL_1",
      schedule: { oneTime: {} },
      targets: { accountIds: ["SELF"], targetResourceTags: { Ec2ImageBuilderArn: [build] } },
    });
    const under = await inspector<Scans>("ListCisScans", named("late"));
    await pass(10);
    const over = await inspector<Scans>("ListCisScans", named("late"));

    expect(under.scans).toMatchObject([{ status: "IN_PROGRESS" }]);
    expect(over.scans).toMatchObject([{ status: "COMPLETED", totalChecks: 0 }]);
  });

  test("of two hundred checks is reported in several messages, and listed page by page", async () => {
    const many = Array.from({ length: 200 }, (_, n) => check(n, n % 2 ? "FAILED" : "PASSED"));
    const { inspector, scan, instance } = await aScannedBuild({ cis: () => many });
    const asked = { scanArn: scan?.scanArn, accountId: ACCOUNT, targetResourceId: instance };

    const first = await inspector<Details>("GetCisScanResultDetails", { ...asked, maxResults: 150 });
    const second = await inspector<Details>("GetCisScanResultDetails", {
      ...asked,
      maxResults: 150,
      nextToken: first.nextToken,
    });

    expect([first.scanResultDetails.length, second.scanResultDetails.length]).toEqual([150, 50]);
    expect(second.nextToken).toBeUndefined();
  });
});

const named = (value: string) => ({ filterCriteria: { scanNameFilters: [{ comparison: "EQUALS", value }] } });

describe("Scans are listed", () => {
  test("by the filters that fit", async () => {
    const { inspector, scan, instance, build } = await aScannedBuild();
    const fits = [
      { scanNameFilters: [{ comparison: "PREFIX", value: "scan of i-" }] },
      { scanArnFilters: [{ comparison: "EQUALS", value: scan?.scanArn }] },
      { scanConfigurationArnFilters: [{ comparison: "EQUALS", value: scan?.scanConfigurationArn }] },
      { scanStatusFilters: [{ comparison: "EQUALS", value: "COMPLETED" }] },
      { targetResourceIdFilters: [{ comparison: "EQUALS", value: instance }] },
      { targetResourceTagFilters: [{ comparison: "EQUALS", key: "Ec2ImageBuilderArn", value: build }] },
      { failedChecksFilters: [{ lowerInclusive: 1, upperInclusive: 1 }] },
      { scanAtFilters: [{ earliestScanStartTime: new Date(Date.UTC(2026, 3, 1)) }] },
    ];
    const fitsNot = [
      { scanNameFilters: [{ comparison: "EQUALS", value: "scan" }] },
      { scanNameFilters: [{ comparison: "NOT_EQUALS", value: `scan of ${instance}` }] },
      { scanStatusFilters: [{ comparison: "EQUALS", value: "FAILED" }] },
      { targetResourceIdFilters: [{ comparison: "EQUALS", value: "i-0123456789abcdef0" }] },
      { failedChecksFilters: [{ lowerInclusive: 2 }] },
      { scanAtFilters: [{ latestScanStartTime: new Date(Date.UTC(2026, 3, 1)) }] },
    ];
    const count = async (filterCriteria: object) =>
      (await inspector<Scans>("ListCisScans", { filterCriteria })).scans.length;

    expect(await Promise.all(fits.map(count))).toEqual(fits.map(() => 1));
    expect(await Promise.all(fitsNot.map(count))).toEqual(fitsNot.map(() => 0));
  });

  test("after their configuration is deleted, which works once", async () => {
    const { inspector, scan } = await aScannedBuild();
    const scanConfigurationArn = scan?.scanConfigurationArn;

    await inspector("DeleteCisScanConfiguration", { scanConfigurationArn });

    expect((await inspector<Scans>("ListCisScans")).scans).toHaveLength(1);
    await expectRefusal(inspector("DeleteCisScanConfiguration", { scanConfigurationArn }), "ResourceNotFoundException");
  });
});
