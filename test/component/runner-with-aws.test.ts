// @module-tag deep
// @module-tag needs/namespaces
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { startAws, VirtualClock } from "embedded-aws";
import { expect, onTestFinished, test } from "vitest";

const RUNNER = join(import.meta.dirname, "../../packages/component-runner/component-runner.mjs");

const DOCUMENT = `schemaVersion: 1.0
phases:
  - name: build
    steps:
      - name: Write
        action: CreateFile
        inputs: [{ path: /srv/greeting, content: "{{ aws:ssm:/greeting }}" }]
      - name: Upload
        action: S3Upload
        inputs: [{ source: /srv/greeting, destination: "s3://greetings/greeting" }]
`;

test("with --aws, steps call AWS with the shell's credentials; without it, they fail", async () => {
  const { url, close } = await startAws({ clock: new VirtualClock(Date.UTC(2026, 3, 1)), port: 0 });
  const folder = mkdtempSync(join(tmpdir(), "runner-with-aws-"));
  onTestFinished(async () => {
    rmSync(folder, { recursive: true });
    await close();
  });
  const credentials = { accessKeyId: "111122223333", secretAccessKey: "any" };
  const s3 = new S3Client({ endpoint: url, region: "eu-west-1", credentials, forcePathStyle: true });
  const ssm = new SSMClient({ endpoint: url, region: "eu-west-1", credentials });
  await s3.send(new CreateBucketCommand({ Bucket: "greetings" }));
  await ssm.send(new PutParameterCommand({ Name: "/greeting", Value: "hello", Type: "String" }));
  writeFileSync(join(folder, "greet.yaml"), DOCUMENT);
  const run = (...more: string[]) =>
    new Promise<{ code: unknown; stdout: string }>((resolve) => {
      const aws = { AWS_ENDPOINT_URL: url, AWS_REGION: "eu-west-1", AWS_SECRET_ACCESS_KEY: "any" };
      const env = { ...process.env, ...aws, AWS_ACCESS_KEY_ID: credentials.accessKeyId };
      const args = [RUNNER, "run", "greet.yaml", ...more];
      execFile(process.execPath, args, { cwd: folder, env }, (error, stdout) => resolve({ code: error?.code, stdout }));
    });

  const without = await run();
  const withAws = await run("--aws");

  expect(without).toMatchObject({ code: 1, stdout: expect.stringContaining("give it yours by --aws") });
  expect(withAws).toMatchObject({ code: undefined, stdout: expect.stringContaining("Result: passed.") });
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: "greetings", Key: "greeting" }));
  expect(await Body?.transformToString()).toBe("hello");
});
