import type { InstanceShell } from "embedded-aws/instances";
import { cisScanName } from "../../core/evidence/cis.ts";

interface Wanted {
  readonly instanceId: string;
  readonly factory: string;
  readonly level: "LEVEL_1" | "LEVEL_2";
}

/** The calls that the scripts of `amint:inspector-cis` and `amint:windows-inspector-cis` make. */
export async function scanByInspector({ instanceId, factory, level }: Wanted, { call, sleep }: InstanceShell) {
  const Filters = [
    { Name: "resource-id", Values: [instanceId] },
    { Name: "key", Values: ["Ec2ImageBuilderArn"] },
  ];
  const { Tags } = await call<{ Tags: { Value: string }[] }>("ec2", "DescribeTags", { Filters });
  const { scanConfigurationArn } = await call<{ scanConfigurationArn: string }>(
    "inspector2",
    "CreateCisScanConfiguration",
    {
      scanName: cisScanName(instanceId),
      securityLevel: level,
      schedule: { oneTime: {} },
      targets: { accountIds: ["SELF"], targetResourceTags: { Ec2ImageBuilderArn: [Tags[0]?.Value] } },
      tags: { "amint:factory": factory },
    },
  );
  const filterCriteria = { scanConfigurationArnFilters: [{ comparison: "EQUALS", value: scanConfigurationArn }] };
  for (;;) {
    const { scans } = await call<{ scans: { status: string }[] }>("inspector2", "ListCisScans", { filterCriteria });
    if (scans[0]?.status !== "IN_PROGRESS") return { stdout: scans[0]?.status ?? "" };
    await sleep(20_000);
  }
}
