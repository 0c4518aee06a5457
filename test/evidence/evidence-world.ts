import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { InstancePlan } from "embedded-aws/instances";
import { REGION } from "embedded-aws/testing/imagebuilder";
import type { Factory, FactoryInput } from "../../core/factory/factory-schema.ts";
import { type BuildArn, parseBuildArn } from "../../events/ids.ts";
import { collectEvidence } from "../../functions/evidence/collect-evidence.ts";
import { judgeBuild } from "../../functions/gate/decide-gate.ts";
import { scanByInspector } from "../../local/instances/inspector-scan.ts";
import { type Building, EVIDENCE_BUCKET, openBuilding } from "../world/building.ts";
import { factoryOf, imageOf } from "../world/factory-of.ts";

const ACME = { name: "acme", regions: [REGION] };

type Benchmark = "openscap" | "inspector-cis";

/** What the instance's role may do for a scan of Inspector's, as `stacks/evidence/inspector.ts` grants it. */
const scanning = [
  "ec2:DescribeTags",
  ...["CreateCisScanConfiguration", "ListCisScans"],
  ...["StartCisSession", "SendCisSessionHealth", "SendCisSessionTelemetry", "StopCisSession"],
].map((action) => (action.includes(":") ? action : `inspector2:${action}`));

/** A gate that lets every build pass. */
export const unlimited = { cve: { count: "all" } } as const;

const packages = ["bash", "openssl"].map((name) => ({ name, version: "1", release: "1", architecture: "x86_64" }));
export const sbom = {
  bomFormat: "CycloneDX",
  specVersion: "1.5",
  metadata: { timestamp: "2026-04-01T08:05:00Z" },
  components: packages.map(({ name }) => ({ type: "library", name, purl: `pkg:rpm/amzn/${name}@1-1` })),
};

/** An instance's uploads: lists of two packages, and these files. */
export const uploads =
  (files: Readonly<Record<string, string | Uint8Array>> = {}): NonNullable<InstancePlan["file"]> =>
  (_context, path) =>
    ({ "packages.json": JSON.stringify({ packages }), "sbom.cdx.json": JSON.stringify(sbom), ...files })[
      path.slice(path.lastIndexOf("/") + 1)
    ];

type Gate = FactoryInput["images"][string]["gate"];

/** A factory of one image on a public AMI, with this gate. */
export const factoryWith = (gate: Gate, changes: Partial<FactoryInput> = {}): Factory =>
  factoryOf({ ...ACME, images: { base: imageOf({ tests: ["images/components/smoke.yaml"], gate }) }, ...changes });

/** test/component runs the script itself. */
const scanOfInspector: NonNullable<InstancePlan["script"]> = ({ step, instanceId }, shell) =>
  step === "ScanInstance" ? scanByInspector({ instanceId, factory: "acme", level: "LEVEL_1" }, shell) : undefined;

/**
 * The embedded AWS with a pipeline of Amint's own documents, and the functions that collect evidence and decide, with the
 * SDK's clients: as in a deployed factory, for configs other than the example's.
 */
export async function startEvidenceWorld(plan: InstancePlan, benchmark: Benchmark = "openscap") {
  const grants = [{ Effect: "Allow", Action: scanning, Resource: "*" }];
  const building = await openBuilding({ factory: ACME, grants, plan: { script: scanOfInspector, ...plan } });
  const { builder, world } = building;
  const imagePipelineArn = await makePipeline(building, benchmark);
  const s3 = world.client(S3Client);
  const stepFor = (factory: Factory) => world.step({ factory, env: building.evidence });
  return {
    ...builder,
    said: world.said,
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

async function makePipeline({ builder, component, pipeline }: Building, benchmark: Benchmark): Promise<string> {
  const parameters =
    benchmark === "inspector-cis"
      ? { Factory: "acme", Level: "LEVEL_1" }
      : {
          ContentUrl: "https://example.com/benchmark.xml",
          ContentSha256: "a".repeat(64),
          Profile: "xccdf_org.example_profile_level1",
        };
  const components = [
    await component("package-manifest"),
    await component("sbom"),
    await component("smoke"),
    await component(benchmark, parameters),
  ];
  return pipeline({ name: "acme-base", imageRecipeArn: await builder.recipe({ components }) });
}
