// @module-tag deep
// @module-tag needs/aws-cli-refreshes
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { VirtualClock } from "embedded-aws";
import { installed } from "embedded-aws/testing/programs";
import { expect, onTestFinished, test } from "vitest";
import { BEGIN, MINUTE } from "../world/time.ts";
import { CONSUMER, consumerAccount, REGION } from "./consumer-account.ts";

const folder = "docs/consumers";
const run = promisify(execFile);
/** A CLI that knows what the refresh asks for: Debian 12's, of 2022, does not. */
const cli = await newEnough();

async function newEnough(): Promise<string> {
  for (const one of installed("aws")) {
    const { stdout } = await run(one, ["autoscaling", "start-instance-refresh", "--generate-cli-skeleton"], {
      env: { PATH: process.env.PATH, HOME: "/nonexistent", AWS_PAGER: "" },
    });
    if (stdout.includes("MaxHealthyPercentage")) return one;
  }
  return "aws";
}

/** Commands of a section of the folder's README. */
async function commandsOf(section: string): Promise<string> {
  const text = await readFile(`${folder}/README.md`, "utf8");
  const [, under = ""] = text.split(`\n## ${section}\n`);
  const [, commands] = /^```sh\n(.*?)^```$/ms.exec(under) ?? [];
  if (!commands) throw new Error(`"${section}" has no commands`);
  return commands;
}

/** A copy of the folder, in which a shell runs commands as the consumer account. */
async function inACopy(url: string, subnets: readonly string[]) {
  const copy = await mkdtemp(join(tmpdir(), "consumers-"));
  onTestFinished(() => rm(copy, { recursive: true }));
  await cp(folder, copy, { recursive: true });
  const group = join(copy, "auto-scaling-group.json");
  const given = JSON.parse(await readFile(group, "utf8"));
  await writeFile(group, JSON.stringify({ ...given, VPCZoneIdentifier: subnets.join() }));
  const bin = join(copy, "aws");
  // Early CLIs do not read AWS_ENDPOINT_URL.
  await writeFile(bin, `#!/bin/sh\nexec ${cli} "$@" --endpoint-url ${url}\n`, { mode: 0o755 });
  return async (commands: string) => {
    const { stdout } = await run("sh", ["-ec", commands], {
      cwd: copy,
      env: {
        PATH: [dirname(bin), process.env.PATH].join(delimiter),
        HOME: copy,
        AWS_ACCESS_KEY_ID: CONSUMER,
        AWS_SECRET_ACCESS_KEY: "any",
        AWS_DEFAULT_REGION: REGION,
        AWS_EC2_METADATA_DISABLED: "true",
        AWS_PAGER: "",
      },
    });
    return { stdout, file: (name: string) => readFile(join(copy, name), "utf8") };
  };
}

test("the AWS CLI makes the template and the group, and refreshes it", async () => {
  const { url, subnets, amis, point, pass, running } = await consumerAccount(new VirtualClock(BEGIN));
  const shell = await inACopy(url, subnets);
  const [create = "", refresh = ""] = (await commandsOf("Launch template and Auto Scaling")).split(/^# .*$/m);

  await shell(create);
  await pass(5 * MINUTE);
  const launched = await running("web");
  await point(amis[1]);
  await shell(refresh);
  await pass(60 * MINUTE);

  expect(launched).toEqual([amis[0], amis[0]]);
  expect(await running("web")).toEqual([amis[1], amis[1]]);
});

test("eksctl's file gets the AMI that the channel points at", async () => {
  const { url, subnets, amis } = await consumerAccount(new VirtualClock(BEGIN));
  const shell = await inACopy(url, subnets);
  const commands = await commandsOf("eksctl");

  const { file } = await shell(commands.replace(/^eksctl .*$/m, ""));

  expect(await file("nodegroup.yaml")).toContain(`    ami: ${amis[0]}\n`);
});
