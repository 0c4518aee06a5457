import { expect, onTestFinished, test } from "vitest";
import { readSeed } from "../../src/command/read-organization.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { startAws } from "../../src/start-aws.ts";
import { failures, pythonClient } from "./clients/make-calls.ts";
import { sdkClient } from "./clients/sdk-client.ts";
import { GOLDEN_AMI_CALLS } from "./golden-ami-calls.ts";
import { programsThat } from "./installed.ts";

/** The AWS that `npx embedded-aws --clock virtual` starts, on a Wednesday. */
async function anAws() {
  const clock = new VirtualClock(Date.UTC(2026, 3, 1, 8));
  const organization = await readSeed(undefined);
  const { url, close } = await startAws({ clock, organization, port: 0 });
  onTestFinished(close);
  return { url, pass: (minutes: number) => clock.runUntil(clock.now() + minutes * 60_000) };
}

test("a golden AMI pipeline that is made by the SDK builds its AMI on schedule", async () => {
  const { url, pass } = await anAws();

  const wrong = await failures(sdkClient({ endpoint: url }), {
    title: "SDK",
    calls: GOLDEN_AMI_CALLS,
    pass,
    ofSdk: true,
  });

  expect(wrong).toEqual([]);
});

const pythons = await programsThat("python3", "-c", "import awscli.clidriver");

test.each(pythons.map((python, at) => ({ python, title: `AWS CLI ${at + 1}` })))(
  "a golden AMI pipeline that is made by the $title builds its AMI on schedule",
  { timeout: 600_000, tags: ["deep", "needs/aws-cli-module"] },
  async ({ python }) => {
    const { url, pass } = await anAws();

    const wrong = await failures(pythonClient(python, "make-calls-with-aws-cli.py", url), {
      title: `AWS CLI of ${python}`,
      calls: GOLDEN_AMI_CALLS,
      pass,
      ofSdk: false,
    });

    expect(wrong).toEqual([]);
  },
);
