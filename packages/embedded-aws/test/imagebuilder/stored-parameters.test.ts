import { describe, expect, test } from "vitest";
import { allow, policy } from "../policy.ts";
import { aBuilder, builderArn } from "./builder.ts";

const document = (name: string) => `schemaVersion: 1.0
phases:
  - name: build
    steps:
      - name: Version
        action: CreateFile
        inputs:
          - path: /etc/version
            content: "{{ aws:ssm:${name} }}"
      - name: Check
        action: ReadFile
        inputs: [{ path: /etc/version }]
      - name: Get
        action: WebDownload
        inputs: [{ source: https://example.com/a, destination: "/tmp/{{ build.Check.outputs.content }}" }]
      - name: List
        action: ListFiles
        inputs: [{ path: "{{ build.Get.outputs.destination }}" }]
      - name: Print
        action: ExecuteBash
        inputs: { commands: ["echo {{ build.List.outputs.files }}"] }
`;

const grant = { RoleName: "instance", PolicyName: "parameters", PolicyDocument: policy(allow("ssm:GetParameter")) };

/** Builds an image with a component that reads the parameter. */
async function built(name: string, granted: boolean) {
  const builder = await aBuilder();
  const { call, component, pipeline, start, pass, image } = builder;
  await call("ssm", "PutParameter", { Name: "/acme/version", Value: "7", Type: "String" });
  if (granted) await call("iam", "PutRolePolicy", grant);
  await component("versioned", document(name));
  const components = [{ componentArn: builderArn("component/versioned/1.0.0/1") }];
  const arn = await start(await pipeline({ recipe: { components } }));
  await pass(120);
  return (await image(arn)).state;
}

describe("A component document that reads an SSM parameter", () => {
  test("reads it by the instance profile's role", async () => {
    const state = await built("/acme/version", true);

    expect(state?.status).toBe("AVAILABLE");
  });

  test("fails where the role lacks the grant, as it would in AWS", async () => {
    const state = await built("/acme/version", false);

    const errorMessage = expect.stringMatching(/^The SSM parameter '\/acme\/version' could not be read: AccessDenied/);
    expect(state).toMatchObject({ failureContext: { componentFailure: { stepName: "Version", errorMessage } } });
  });

  test("fails for a secret of AWS Secrets Manager, which is not built", async () => {
    const state = await built("/aws/reference/secretsmanager/token", true);

    const errorMessage = expect.stringContaining("AWS Secrets Manager is not built.");
    expect(state).toMatchObject({ failureContext: { componentFailure: { stepName: "Version", errorMessage } } });
  });
});
