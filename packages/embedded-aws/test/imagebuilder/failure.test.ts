import type { PutRolePolicyCommandInput } from "@aws-sdk/client-iam";
import { describe, expect, test } from "vitest";
import { resolveParentsAtBuild } from "../../src/services/imagebuilder/build/resolve-parent.ts";
import { simulateInstances } from "../../src/services/imagebuilder/simulation.ts";
import { allow, policy } from "../policy.ts";
import { ACCOUNT, aBuilder, builderArn, document, REGION } from "./builder.ts";

const HARDEN = builderArn("component/harden/1.0.0/1");

describe("A build that fails", () => {
  test("in a component names it, with phase, step and action, in state, step and event", async () => {
    const { aws, pipeline, start, image, workflows, steps, pass, events } = await aBuilder();
    simulateInstances(aws, ACCOUNT, REGION, {
      step: ({ component, step }) =>
        component === "harden" && step === "Verify" ? { exitCode: 3, stderr: "sshd: no such option" } : undefined,
    });
    const arn = await start(await pipeline());

    await pass(60);

    const [build, ...others] = await workflows(arn);
    const buildSteps = await steps(build?.workflowExecutionId);
    const failed = buildSteps.find(({ status }) => status === "FAILED");
    const reason = `Workflow Execution ID: '${build?.workflowExecutionId}' failed with reason: Document ${HARDEN} failed!`;
    expect((await image(arn)).state).toEqual({
      status: "FAILED",
      reason,
      failureContext: {
        imageStatus: "BUILDING",
        workflowExecutionId: build?.workflowExecutionId,
        workflowArn: `arn:aws:imagebuilder:${REGION}:aws:workflow/build/build-image/1.0.3/1`,
        stepExecutionId: failed?.stepExecutionId,
        failedStep: "ApplyBuildComponents",
        componentFailure: {
          componentArn: HARDEN,
          phaseName: "build",
          stepName: "Verify",
          action: "ExecuteBash",
          errorMessage: "exit status 3",
        },
      },
    });
    expect(failed?.name).toBe("ApplyBuildComponents");
    expect(failed?.message?.split("\n")).toEqual([
      `Document ${HARDEN} failed!`,
      "Document: a document",
      `ComponentArn: ${HARDEN}`,
      "Phase: build",
      "Step: Verify",
      "Action: ExecuteBash",
      "ErrorMessage: exit status 3",
      "Stderr: sshd: no such option",
      "Simulated: nothing was executed.",
    ]);
    expect(buildSteps.slice(2).map(({ status }) => status)).toEqual(Array(5).fill("PENDING"));
    expect(build).toMatchObject({ status: "ROLLBACK_COMPLETED", totalStepsFailed: 1 });
    expect(buildSteps[0]?.rollbackStatus).toBe("COMPLETED");
    expect(others).toEqual([]);
    expect(events.at(-1)?.detail).toEqual({
      "previous-state": { status: "BUILDING" },
      state: { status: "FAILED", reason },
    });
  });

  test("in a test component is FAILED from TESTING, and leaves its AMI behind", async () => {
    const { aws, call, pipeline, start, image, pass, transitions } = await aBuilder();
    simulateInstances(aws, ACCOUNT, REGION, { step: ({ stage }) => (stage === "test" ? { exitCode: 1 } : undefined) });
    const arn = await start(await pipeline());

    await pass(60);

    const built = await image(arn);
    expect(transitions().at(-1)).toBe("TESTING > FAILED acme-base/1.0.0/1");
    expect(built.state).toMatchObject({
      failureContext: {
        imageStatus: "TESTING",
        failedStep: "ApplyTestComponents",
        componentFailure: { stepName: "Boot" },
      },
    });
    const left = await call("ec2", "DescribeImages", { ImageIds: [built.outputResources?.amis?.[0]?.image] });
    expect(left).toMatchObject({ Images: [{ State: "available" }] });
  });

  test("because Image Builder may not read its parent's parameter", async () => {
    const { aws, call, pipeline, start, image, pass } = await aBuilder();
    resolveParentsAtBuild(aws);
    await call("ssm", "PutParameter", { Name: "/acme/parent", Value: "ami-0123456789abcdef0", Type: "String" });
    const arn = await start(await pipeline({ recipe: { parentImage: "ssm:/acme/parent" } }));

    await pass(60);

    const { state } = await image(arn);
    expect(state?.status).toBe("FAILED");
    expect(state?.reason).toContain(
      `assumed-role/AWSServiceRoleForImageBuilder/ImageBuilder is not authorized to perform: ssm:GetParameter on resource: arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/acme/parent`,
    );
    expect(state).toMatchObject({ failureContext: { imageStatus: "BUILDING" } });
  });

  test("because its parent's parameter does not exist", async () => {
    const { aws, pipeline, start, image, pass } = await aBuilder();
    resolveParentsAtBuild(aws);
    const arn = await start(await pipeline({ recipe: { parentImage: "ssm:/imagebuilder/none" } }));

    await pass(60);

    expect((await image(arn)).state).toMatchObject({
      status: "FAILED",
      reason: expect.stringContaining("Failed to resolve the parent image 'ssm:/imagebuilder/none'"),
    });
  });
});

const UPLOADING = `schemaVersion: 1.0
phases:
  - name: build
    steps:
      - name: Upload
        action: S3Upload
        inputs:
          - { source: /tmp/manifest.json, destination: "s3://acme-evidence/manifests/" }
`;

describe("A file that a component uploads", () => {
  const arrange = async () => {
    const builder = await aBuilder();
    const { aws, call, component, pipeline } = builder;
    await call("s3", "CreateBucket", {
      Bucket: "acme-evidence",
      CreateBucketConfiguration: { LocationConstraint: REGION },
    });
    simulateInstances(aws, ACCOUNT, REGION, {
      file: ({ image, build }, path) => (path === "/tmp/manifest.json" ? `${image}/${build}` : undefined),
    });
    const componentArn = await component("manifest", UPLOADING);
    const imagePipelineArn = await pipeline({ recipe: { components: [{ componentArn }] } });
    return { ...builder, imagePipelineArn };
  };

  test("is in the bucket if the instance's role may write it", async () => {
    const { call, imagePipelineArn, start, image, pass } = await arrange();
    const statement = allow("s3:PutObject", "arn:aws:s3:::acme-evidence/manifests/*");
    await call("iam", "PutRolePolicy", {
      RoleName: "instance",
      PolicyName: "evidence",
      PolicyDocument: policy(statement),
    } satisfies PutRolePolicyCommandInput);
    const arn = await start(imagePipelineArn);

    await pass(60);

    const object = await call<{ Body: { transformToString(): Promise<string> } | Uint8Array }>("s3", "GetObject", {
      Bucket: "acme-evidence",
      Key: "manifests/manifest.json",
    });
    const body = object.Body instanceof Uint8Array ? Buffer.from(object.Body).toString() : object.Body;
    expect((await image(arn)).state).toEqual({ status: "AVAILABLE" });
    expect(body).toBe("acme-base/1");
  });

  test("fails the build when the role may not, saying which", async () => {
    const { imagePipelineArn, start, image, pass } = await arrange();
    const arn = await start(imagePipelineArn);

    await pass(60);

    expect((await image(arn)).state).toMatchObject({
      status: "FAILED",
      failureContext: {
        componentFailure: { stepName: "Upload", errorMessage: expect.stringContaining("s3:PutObject") },
      },
    });
  });
});

test("A component that only checks what simulated steps print doesn't fail a build", async () => {
  const { component, pipeline, start, image, pass } = await aBuilder();
  const componentArn = await component(
    "assert",
    `${document("build", "Version")}      - name: NewEnough
        action: Assert
        inputs: { stringEquals: "2.1.1", value: "{{ build.Version.outputs.stdout }}" }
`,
  );
  const arn = await start(await pipeline({ recipe: { components: [{ componentArn }] } }));

  await pass(60);

  expect((await image(arn)).state).toEqual({ status: "AVAILABLE" });
});
