// @module-tag deep
// @module-tag needs/terraform-provider
import { readFile } from "node:fs/promises";
import { accountPrincipal, type EmbeddedAws, RealClock, startAws } from "embedded-aws";
import { expect, onTestFinished, test, vi } from "vitest";
import { aTerraform } from "./a-terraform.ts";
import { archiveOf } from "./archive.ts";

const ACCOUNT = "111122223333";
const REGION = "eu-west-1";

/** The revisions of `pipeline.tf`, with what differs between the two archives. */
const REVISIONS = [1, 2];
const sourceOf = (revision: number) =>
  `export const handler = async ({ image }) => ({ announced: image + " by ${revision}" });\n`;

async function execute(aws: EmbeddedAws, stateMachineArn: string, input: object) {
  const caller = { principal: accountPrincipal(ACCOUNT), region: REGION };
  const states = <Output>(operation: string, asked: object) => aws.call<Output>("states", operation, asked, caller);
  const start = { stateMachineArn, input: JSON.stringify(input) };
  const { executionArn } = await states<{ executionArn: string }>("StartExecution", start);
  return vi.waitUntil(
    async () => {
      const now = await states<{ status: string; output?: string }>("DescribeExecution", { executionArn });
      return now.status !== "RUNNING" && now;
    },
    { timeout: 60_000, interval: 250 },
  );
}

test("a user's own pipeline is created, changed in place, and destroyed; its state machine runs the function of its archive", async () => {
  const { aws, url, close } = await startAws({ clock: new RealClock(), port: 0 });
  onTestFinished(close);
  const terraform = await aTerraform({ url, account: ACCOUNT, regions: [REGION] });
  await terraform.write("pipeline.tf", await readFile(new URL("pipeline.tf", import.meta.url)));
  for (const revision of REVISIONS) {
    await terraform.write(`announce-${revision}.zip`, archiveOf({ "index.mjs": sourceOf(revision) }));
  }

  for (const revision of REVISIONS) {
    const variable = `-var=revision=${revision}`;
    const applied = await terraform.outcome("apply", "-auto-approve", variable);
    const planned = await terraform.outcome("plan", "-detailed-exitcode", variable);
    const stateMachineArn = (await terraform.text("output", "-raw", "state_machine")).trim();
    const input = { status: "AVAILABLE", image: "golden-web", regions: [REGION, "us-east-1"] };
    const ended = await execute(aws, stateMachineArn, input);

    expect(applied.errors).toEqual([]);
    expect([planned.code, planned.errors, [...planned.counts]]).toEqual([0, [], []]);
    expect(ended).toMatchObject({ status: "SUCCEEDED" });
    expect(JSON.parse(ended.output ?? "")).toMatchObject({
      announcement: { announced: `golden-web by ${revision}` },
      noted: [REGION, "us-east-1"],
      both: [1, 2],
    });
  }
  const destroyed = await terraform.outcome("destroy", "-auto-approve");

  expect([destroyed.code, destroyed.errors]).toEqual([0, []]);
  expect(await terraform.text("state", "list")).toBe("");
});
