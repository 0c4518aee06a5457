import type { aBuilder } from "../imagebuilder/builder.ts";
import { allow, policy } from "../policy.ts";

type Call = Awaited<ReturnType<typeof aBuilder>>["call"];

const three = [1, 2, 3];

/** Three CIS scans of the two current test instances. @returns how to find one of them when it has ended */
export async function filledScans(call: Call) {
  const Action = ["StartCisSession", "SendCisSessionHealth", "SendCisSessionTelemetry", "StopCisSession"];
  await call("iam", "PutRolePolicy", {
    RoleName: "instance",
    PolicyName: "sessions",
    PolicyDocument: policy(allow(Action.map((one) => `inspector2:${one}`))),
  });
  for (const n of three) {
    await call("inspector2", "CreateCisScanConfiguration", {
      scanName: `scan-${n}`,
      securityLevel: "LEVEL_1",
      schedule: { oneTime: {} },
      targets: { accountIds: ["SELF"], targetResourceTags: { CreatedBy: ["EC2 Image Builder"] } },
    });
  }
  return async () => {
    const { scans } = await call<{ scans: { scanArn: string }[] }>("inspector2", "ListCisScans", {});
    const scanArn = scans[0]?.scanArn ?? "";
    const { targetResourceAggregations: found } = await call<{
      targetResourceAggregations: { targetResourceId: string }[];
    }>("inspector2", "ListCisScanResultsAggregatedByTargetResource", { scanArn });
    return { scanArn, otherScanArn: scans[1]?.scanArn ?? "", scanned: found[0]?.targetResourceId ?? "" };
  };
}
