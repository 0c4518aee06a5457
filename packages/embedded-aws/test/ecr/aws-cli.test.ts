// @module-tag deep
// @module-tag needs/aws-cli
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningServer, startServer } from "../../src/server.ts";
import { FACTORY, PRODUCTION, STRANGER } from "../ram/sharing-aws.ts";
import { programs, runAs } from "../wire/installed.ts";
import { aRegistry, manifestOf, NAME } from "./a-registry.ts";

const PROGRAMS = programs("aws");

describe.each(PROGRAMS.map((program, at) => ({ program, title: `AWS CLI ${at + 1}` })))("$title", ({ program }) => {
  let server: RunningServer;
  let digest: string;
  beforeAll(async () => {
    const { aws, push } = await aRegistry();
    digest = await push("one", "stable");
    server = await startServer(aws, { port: 0 });
  });
  afterAll(() => server.close());

  const ecr = (account: string, ...args: string[]) =>
    runAs(program, ["--endpoint-url", server.url, "--output", "json", "ecr", ...args], server.url, account);
  const pull = (account: string) => {
    const from = ["--registry-id", FACTORY, "--repository-name", NAME];
    return ecr(account, "batch-get-image", ...from, "--image-ids", "imageTag=stable");
  };

  test("pulls as an account of the organization, and is refused as a stranger", { timeout: 120_000 }, async () => {
    const policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: "*",
          Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
          Condition: { StringEquals: { "aws:PrincipalOrgID": "o-exampleorg1" } },
        },
      ],
    });
    const before = await pull(PRODUCTION);
    const set = await ecr(FACTORY, "set-repository-policy", "--repository-name", NAME, "--policy-text", policy);

    const [token, consumer, stranger] = [
      await ecr(PRODUCTION, "get-login-password"),
      await pull(PRODUCTION),
      await pull(STRANGER),
    ];

    expect(before.stderr).toContain("(AccessDeniedException) when calling the BatchGetImage operation");
    expect(set.stderr).toBe("");
    expect(token.stdout.trim()).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.parse(consumer.stdout).images).toMatchObject([
      { imageId: { imageDigest: digest, imageTag: "stable" }, imageManifest: manifestOf("one").manifest },
    ]);
    expect(stranger.stderr).toContain(`arn:aws:iam::${STRANGER}:root is not authorized to perform: ecr:BatchGetImage`);
  });
});
