import type { EmbeddedAws } from "../../src/engine/embedded-aws.ts";
import { reportsState } from "../../src/services/ec2/usage-reports/usage-report.ts";
import { ACCOUNT, REGION } from "../imagebuilder/builder.ts";

const three = [1, 2, 3];

/** Image usage reports, days after they were requested. */
export function filledReports(aws: EmbeddedAws): void {
  const { reports } = aws.state(reportsState, ACCOUNT, REGION);
  for (const n of three) {
    const id = `imgusgrpt-0123456789abcdef${n}`;
    reports.set(id, {
      id,
      imageId: `ami-0123456789abcdef${n}`,
      types: ["ec2:Instance", "ec2:LaunchTemplate"],
      versionDepth: 20,
      accounts: [],
      createdAt: aws.clock.now(),
      state: "available",
      stateReason: undefined,
      entries: three.map((count) => ({ account: `22223333444${count}`, type: "ec2:Instance", count })),
    });
  }
}
