import { readFileSync } from "node:fs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { clientOptions } from "../../cli/local/client-options.ts";
import { defineFactory } from "../../core/factory/define-factory.ts";
import type { Factory, FactoryInput } from "../../core/factory/factory-schema.ts";
import { type BuildArn, parseBuildArn } from "../../events/ids.ts";
import { collectEvidence } from "../../functions/evidence/collect-evidence.ts";
import { judgeBuild } from "../../functions/gate/decide-gate.ts";
import { watchBus } from "../../local/services/events/watch.ts";
import {
  type InstancePlan,
  type InstanceShell,
  simulateInstances,
} from "../../local/services/imagebuilder/simulation.ts";
import { inProcessHandler } from "../../local/wire/in-process-handler.ts";
import { ACCOUNT, aBuilder, REGION } from "../local/imagebuilder/builder.ts";
import { ledgerTable } from "../world/ledger-table.ts";
import { sdkClients } from "../world/sdk-clients.ts";
import { stepOf } from "../world/step-of.ts";

const EVIDENCE_BUCKET = "acme-evidence-111122223333";
const TABLE = "ledger";
const BUS = "amint-acme";

type Benchmark = "openscap" | "inspector-cis";

/** What the instance's role may do for a scan of Inspector's, as `stacks/evidence/inspector.ts` grants it. */
const scanning = [
  "ec2:DescribeTags",
  ...["CreateCisScanConfiguration", "ListCisScans"],
  ...["StartCisSession", "SendCisSessionHealth", "SendCisSessionTelemetry", "StopCisSession"],
].map((action) => (action.includes(":") ? action : `inspector2:${action}`));

type Gate = FactoryInput["images"][string]["gate"];

/** A factory of one image on a public AMI, with this gate. */
export const factoryWith = (gate: Gate, changes: Partial<FactoryInput> = {}): Factory =>
  defineFactory({
    name: "acme",
    buildRegion: REGION,
    regions: [REGION],
    organization: { id: "o-exampleorgid", managementAccountId: "999988887777" },
    images: {
      base: {
        os: "al2023",
        architecture: "x86_64",
        parent: { ssm: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64" },
        components: ["aws:update-linux"],
        tests: ["images/components/smoke.yaml"],
        gate,
        channels: [{ name: "stable", share: { organization: true } }],
      },
    },
    ...changes,
  });

/** The calls that the script of `images/components/inspector-cis.yaml` makes; test/images runs the script itself. */
const scanOfInspector: NonNullable<InstancePlan["script"]> = ({ step, instanceId }, { call, sleep }) =>
  step === "ScanInstance" ? scan(instanceId, call, sleep) : undefined;

async function scan(instanceId: string, call: InstanceShell["call"], sleep: InstanceShell["sleep"]) {
  const Filters = [
    { Name: "resource-id", Values: [instanceId] },
    { Name: "key", Values: ["Ec2ImageBuilderArn"] },
  ];
  const { Tags } = await call<{ Tags: { Value: string }[] }>("ec2", "DescribeTags", { Filters });
  const { scanConfigurationArn } = await call<{ scanConfigurationArn: string }>(
    "inspector2",
    "CreateCisScanConfiguration",
    {
      scanName: `amint-${instanceId}`,
      securityLevel: "LEVEL_1",
      schedule: { oneTime: {} },
      targets: { accountIds: ["SELF"], targetResourceTags: { Ec2ImageBuilderArn: [Tags[0]?.Value] } },
      tags: { "amint:factory": "acme" },
    },
  );
  const filterCriteria = { scanConfigurationArnFilters: [{ comparison: "EQUALS", value: scanConfigurationArn }] };
  for (;;) {
    const { scans } = await call<{ scans: { status: string }[] }>("inspector2", "ListCisScans", { filterCriteria });
    if (scans[0]?.status !== "IN_PROGRESS") return { stdout: scans[0]?.status ?? "" };
    await sleep(20_000);
  }
}

const document = (stem: string) => readFileSync(`images/components/${stem}.yaml`, "utf8");

/**
 * The embedded AWS with a pipeline of Amint's own documents, and the functions that collect evidence and decide, with the
 * SDK's clients: what a deployed factory has, for a config that the example factory has not.
 */
export async function startEvidenceWorld(plan: InstancePlan, benchmark: Benchmark = "openscap") {
  const builder = await aBuilder();
  const { aws, clock, call } = builder;
  await call("s3", "CreateBucket", {
    Bucket: EVIDENCE_BUCKET,
    CreateBucketConfiguration: { LocationConstraint: REGION },
  });
  await call("iam", "PutRolePolicy", {
    RoleName: "instance",
    PolicyName: "uploads",
    PolicyDocument: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: "s3:PutObject", Resource: `arn:aws:s3:::${EVIDENCE_BUCKET}/manifests/*` },
        { Effect: "Allow", Action: scanning, Resource: "*" },
      ],
    }),
  });
  await call("dynamodb", "CreateTable", ledgerTable(TABLE));
  await call("events", "CreateEventBus", { Name: BUS });
  await call("inspector2", "Enable", { resourceTypes: ["EC2"] });
  const said: { name: string; detail: unknown }[] = [];
  watchBus(aws, ACCOUNT, REGION, BUS, ({ "detail-type": name, detail }) => said.push({ name, detail }));
  simulateInstances(aws, ACCOUNT, REGION, {
    step: ({ step, instanceId }) => (step === "ReadInstanceId" ? { stdout: instanceId } : undefined),
    script: scanOfInspector,
    ...plan,
  });
  const imagePipelineArn = await pipelineOfOurDocuments(builder, benchmark);
  const options = { ...clientOptions("http://127.0.0.1:1", ACCOUNT, REGION), requestHandler: inProcessHandler(aws) };
  const s3 = new S3Client(options);
  const client = sdkClients(options);
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(options), {
    marshallOptions: { removeUndefinedValues: true },
  });
  const stepFor = (factory: Factory) =>
    stepOf({
      factory,
      env: { EVIDENCE_BUCKET },
      ledger: { documents, table: TABLE },
      bus: { client: client(EventBridgeClient), name: BUS },
      client,
      now: new Date(clock.now()),
    });
  return {
    ...builder,
    said,
    stepFor,
    async build(): Promise<BuildArn> {
      const started = builder.start(imagePipelineArn);
      await builder.pass(180);
      return parseBuildArn(await started);
    },
    collect: (factory: Factory, build: BuildArn) => collectEvidence({ image: "base", build }, stepFor(factory)),
    judge: (factory: Factory, build: BuildArn) => judgeBuild({ image: "base", build }, stepFor(factory)),
    async object(Key: string): Promise<Uint8Array> {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: EVIDENCE_BUCKET, Key }));
      return (await Body?.transformToByteArray()) ?? new Uint8Array();
    },
  };
}

async function pipelineOfOurDocuments(
  { component, recipe, builder, infrastructure }: Awaited<ReturnType<typeof aBuilder>>,
  benchmark: Benchmark,
) {
  const parameter = (name: string, value: string) => ({ name, value: [value] });
  const bucket = parameter("EvidenceBucket", EVIDENCE_BUCKET);
  const imageRecipeArn = await recipe({
    components: [
      { componentArn: await component("acme-package-manifest", document("package-manifest")), parameters: [bucket] },
      { componentArn: await component("acme-sbom", document("sbom")), parameters: [bucket] },
      { componentArn: await component("acme-smoke", document("smoke")) },
      {
        componentArn: await component(`acme-${benchmark}`, document(benchmark)),
        parameters:
          benchmark === "inspector-cis"
            ? [parameter("Factory", "acme"), parameter("Level", "LEVEL_1")]
            : [
                bucket,
                parameter("ContentUrl", "https://example.com/benchmark.xml"),
                parameter("ContentSha256", "a".repeat(64)),
                parameter("Profile", "xccdf_org.example_profile_level1"),
              ],
      },
    ],
  });
  const made = await builder<{ imagePipelineArn?: string }>("CreateImagePipeline", {
    name: "acme-base",
    imageRecipeArn,
    infrastructureConfigurationArn: await infrastructure(),
    imageTestsConfiguration: { imageTestsEnabled: true },
    imageScanningConfiguration: { imageScanningEnabled: true },
  });
  return made.imagePipelineArn ?? "";
}
