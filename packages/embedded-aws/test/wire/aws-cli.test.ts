// @module-tag deep
// @module-tag needs/aws-cli
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningServer, startServer } from "../../src/server.ts";
import { programs, runAs } from "./installed.ts";
import { FACTORY, wholeAws } from "./whole-aws.ts";

const PROGRAMS = programs("aws");
const SLOW = { timeout: 120_000 };

describe.each(PROGRAMS.map((program, at) => ({ program, title: `AWS CLI ${at + 1}` })))("$title", ({ program }) => {
  let server: RunningServer;
  let folder: string;
  let version: string;
  beforeAll(async () => {
    server = await startServer(wholeAws(), { port: 0 });
    version = (await runAs(program, ["--version"], server.url, FACTORY)).stdout;
    expect(version).toMatch(/^aws-cli\//);
    folder = await mkdtemp(join(tmpdir(), "aws-cli-"));
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  // The first version that reads AWS_ENDPOINT_URL came in 2023; Debian's is older.
  const aws = (command: string, account = FACTORY) =>
    runAs(program, ["--endpoint-url", server.url, "--output", "json", ...command.split(" ")], server.url, account);
  const json = async (command: string, account?: string) => {
    const { code, stdout, stderr } = await aws(command, account);
    expect(stderr, command).toBe("");
    expect(code, command).toBe(0);
    return stdout === "" ? undefined : JSON.parse(stdout);
  };

  test("copies files to S3 and back", SLOW, async () => {
    const text = "evidence\n".repeat(1000);
    await writeFile(join(folder, "out.txt"), text);
    await json("s3api create-bucket --bucket evidence --create-bucket-configuration LocationConstraint=eu-west-1");

    const up = await aws(`s3 cp ${join(folder, "out.txt")} s3://evidence/a/report.txt`);
    const listed = await aws("s3 ls s3://evidence/a/");
    const down = await aws(`s3 cp s3://evidence/a/report.txt ${join(folder, "back.txt")}`);

    expect([up.stderr, listed.stderr, down.stderr]).toEqual(["", "", ""]);
    expect(listed.stdout).toContain(`${text.length} report.txt`);
    expect(await readFile(join(folder, "back.txt"), "utf8")).toBe(text);
  });

  test("tells AWS's refusals", SLOW, async () => {
    const missing = await aws("ssm get-parameter --name /none");
    const image = await aws("ec2 describe-images --image-ids ami-00000000000000000");
    const stranger = await aws("sts get-caller-identity", "AKIAIOSFODNN7EXAMPLE");
    const unbuilt = await aws("ec2 describe-fleets");

    expect(missing.stderr).toContain("An error occurred (ParameterNotFound) when calling the GetParameter operation");
    expect(image.stderr).toContain("(InvalidAMIID.NotFound)");
    expect(stranger.stderr).toContain("(InvalidClientTokenId)");
    expect(unbuilt.stderr).toMatch(
      /\(NotImplemented\) when calling the DescribeFleets operation.*: ec2:DescribeFleets is not built/,
    );
    // Version 1 ended with 255 for anything that failed.
    const ended = version.startsWith("aws-cli/1.") ? 255 : 254;
    expect([missing, image, stranger, unbuilt].map(({ code }) => code)).toEqual([ended, ended, ended, ended]);
  });
});
