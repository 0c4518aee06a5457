import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { CopyImageCommand, DescribeImagesCommand, EC2Client, waitUntilImageAvailable } from "@aws-sdk/client-ec2";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { RealClock } from "../../src/engine/clock/real-clock.ts";
import { freePort } from "../free-port.ts";
import { aBuilder } from "../imagebuilder/builder.ts";

const BIN = join(import.meta.dirname, "../../embedded-aws.mjs");

afterEach(() => void vi.useRealTimers());

/** The command as it runs, and what it says first. */
async function started(...args: string[]): Promise<{ url: string; greeting: string }> {
  const port = await freePort();
  const child: ChildProcess = spawn(process.execPath, [BIN, "--port", String(port), ...args]);
  onTestFinished(async () => {
    child.kill("SIGINT");
    await once(child, "close");
  });
  const [said] = await once(child.stdout!, "data");
  return { url: `http://127.0.0.1:${port}`, greeting: String(said) };
}

test("the command's real clock makes AWS's own work 60 times faster", async () => {
  const { greeting } = await started();

  expect(greeting).toContain("The embedded AWS (real clock, speed 60) listens on");
});

test("with --speed the copy of an AMI is available after its share of five minutes", async () => {
  const { url } = await started("--speed", "1000");
  const credentials = { accessKeyId: "111122223333", secretAccessKey: "any" };
  const ec2 = new EC2Client({ endpoint: url, region: "eu-west-1", credentials });
  onTestFinished(() => ec2.destroy());
  const owned = new DescribeImagesCommand({ Owners: ["amazon"], MaxResults: 5 });
  const { Images: [source] = [] } = await ec2.send(owned);

  const copy = new CopyImageCommand({ Name: "copy", SourceImageId: source?.ImageId, SourceRegion: "eu-west-1" });
  const { ImageId = "" } = await ec2.send(copy);
  const { Images: [begun] = [] } = await ec2.send(new DescribeImagesCommand({ ImageIds: [ImageId] }));
  const waited = await waitUntilImageAvailable({ client: ec2, maxWaitTime: 10, minDelay: 1 }, { ImageIds: [ImageId] });

  expect(begun?.State).toBe("pending");
  expect(waited.state).toBe("SUCCESS");
});

test("a pipeline's schedule keeps the machine's time, and its build takes a share of AWS's", async () => {
  vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"], now: Date.UTC(2026, 3, 1, 8, 0, 30) });
  const clock = new RealClock({ speed: 60 });
  onTestFinished(() => clock.stop());
  const { pipeline, builder } = await aBuilder(clock);
  const schedule = {
    scheduleExpression: "cron(0 9 * * ? *)",
    pipelineExecutionStartCondition: "EXPRESSION_MATCH_ONLY",
  };
  const imagePipelineArn = await pipeline({ pipeline: { schedule } });
  const images = async () => (await builder("ListImagePipelineImages", { imagePipelineArn })).imageSummaryList ?? [];

  await vi.advanceTimersByTimeAsync(59 * 60_000);
  const before = await images();
  await vi.advanceTimersByTimeAsync(2 * 60_000);

  expect(before).toEqual([]);
  expect(await images()).toMatchObject([{ dateCreated: "2026-04-01T09:00:00.000Z", state: { status: "AVAILABLE" } }]);
});
