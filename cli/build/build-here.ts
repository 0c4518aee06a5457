import {
  countCached,
  type DocumentResult,
  drawTable,
  type ImageResult,
  type InstanceAws,
  type RunOptions,
  reportTo,
  resultOf,
  runImage,
  type StepLine,
  sayCached,
  withRun,
} from "component-runner";
import { manifest as manifestSchema, packagesDigest, sbom as sbomSchema } from "../../core/evidence/manifest.ts";
import { requireImage } from "../../core/factory/require-image.ts";
import { judgeHere, type LocalDecision, type LocalEvidence } from "../../core/gate/judge-here.ts";
import { loadFactory } from "../command/load-factory.ts";
import { printFound, printJson } from "../command/print.ts";
import { fromImage } from "../component/image-source.ts";
import { type WantedDisk, type WrittenDisk, writeDiskImage } from "./disk-image.ts";
import { openSigningKey, type SigningKey } from "./signing-key.ts";

export interface HereOptions extends RunOptions {
  readonly config?: string;
  readonly diskImage?: WantedDisk;
  readonly signingKey?: string;
}

/** The last line of `--json`. */
interface Summary {
  readonly type: "summary";
  readonly result: "passed" | "failed" | "incomplete";
  readonly backend: string;
  readonly reboots: number;
  /** Documents whose layers of an earlier run were taken. */
  readonly cached: number;
  readonly packages: number;
  /** Steps of the test phases. */
  readonly tests: { readonly passed: number; readonly failed: number; readonly skipped: number };
  readonly gate: LocalDecision["verdict"];
  readonly notJudged: readonly string[];
  /** Where `--disk-image` asked for one, and the gate does not reject. */
  readonly disk?: WrittenDisk;
  readonly wallMs: number;
}

/** `amint build --here <image>`: the whole image for real, on this machine. It makes no AMI. */
export async function buildHere(name: string, options: HereOptions): Promise<void> {
  const began = performance.now();
  const factory = await loadFactory(options.config);
  const image = requireImage(factory, name);
  const report = reportTo({ printFound, printJson }, options.json ?? false);
  const source = await fromImage(name, options);
  report({
    type: "system",
    text: `Builds ${name} on this machine. The result is not an AMI, and nothing is sent to AWS.`,
  });
  const uploads = new Map<string, Uint8Array>();
  const canAsk = Object.keys(factory.people ?? {}).length > 0;
  const judge = (result: ImageResult): Judged => {
    const evidence = toEvidence(result, uploads);
    const circumstances = { image: name, waivers: factory.waivers, now: new Date(), revoked: [], canAsk };
    return { evidence, decision: judgeHere(evidence, image.gate, circumstances), tests: countTests(result.documents) };
  };
  // An invalid key is reported before the build.
  const key = options.diskImage && openSigningKey(options.signingKey);
  let disk: WrittenDisk | undefined;
  await withRun(options, source, report, async (run) => {
    const writeDisk = async (wanted: WantedDisk, from: string, result: ImageResult, signingKey: SigningKey) => {
      const { evidence, decision, tests } = judge(result);
      const { verdict: gate, notJudged } = decision;
      if (gate === "rejected" || tests.failed > 0) return;
      report({ type: "document", document: `The disk image ${wanted.file}`, text: "" });
      const { os, architecture } = image;
      const digest = packagesDigest(evidence.manifest);
      const said = { packagesDigest: digest, gate, notJudged: [...notJudged], tests };
      const written = new Map([...uploads].filter(([file]) => EVIDENCE.includes(file)));
      const facts = { factory: factory.name, image: name, os, architecture, evidence: said, written };
      disk = await writeDiskImage(run.backend, { ...run.boot, from }, wanted, signingKey, facts);
    };
    const result = await runImage({
      ...run,
      ...source,
      aws: recording(source.aws, uploads),
      phases: ["build", "validate", "test"],
      cache: options.cache,
      keepGoing: options.keepGoing ?? false,
      report,
      withImage: async (from, tested) => {
        if (options.diskImage && key) await writeDisk(options.diskImage, from, tested, key);
      },
    });
    await source.awsReady;
    const { evidence, decision, tests } = judge(result);
    end(options, result, decision, {
      type: "summary",
      result: overall(result.documents, decision),
      backend: run.backend.name,
      reboots: result.restarts,
      cached: countCached(result.documents),
      packages: evidence.manifest.packages.length,
      tests,
      gate: decision.verdict,
      notJudged: decision.notJudged,
      ...(disk && { disk }),
      wallMs: Math.round(performance.now() - began),
    });
  });
}

interface Judged {
  readonly evidence: LocalEvidence;
  readonly decision: LocalDecision;
  readonly tests: Summary["tests"];
}

/** What Amint's own documents upload: the package manifest and the bill of materials. */
const EVIDENCE: readonly string[] = ["packages.json", "sbom.cdx.json"];

/** What is uploaded is evidence, if the instance's role may upload it. */
function recording(aws: InstanceAws, uploads: Map<string, Uint8Array>): InstanceAws {
  return {
    ...aws,
    async putObject(bucket, key, content) {
      await aws.putObject(bucket, key, content);
      uploads.set(key.slice(key.lastIndexOf("/") + 1), content);
    },
  };
}

export function toEvidence(
  { documents }: Pick<ImageResult, "documents">,
  uploads: ReadonlyMap<string, Uint8Array>,
): LocalEvidence {
  const parsed = (file: string): unknown => {
    const content = uploads.get(file);
    return content && JSON.parse(new TextDecoder().decode(content));
  };
  const manifest = manifestSchema.safeParse(parsed("packages.json"));
  const sbom = sbomSchema.safeParse(parsed("sbom.cdx.json"));
  return {
    tests: testSteps(documents).flatMap((step) =>
      isSkipped(step)
        ? []
        : [
            {
              name: `${step.document} ${step.phase}.${step.step}`,
              status: step.status === "failed" ? "FAILED" : "COMPLETED",
            },
          ],
    ),
    components: documents.map(({ document, status, why }) => ({
      component: document,
      status: status === "failed" ? "failed" : status === "not-run" ? "not-run" : "passed",
      ...(why && { reason: why }),
    })),
    manifest: manifest.success ? manifest.data : { packages: [] },
    sbom: sbom.success
      ? { format: `CycloneDX ${sbom.data.specVersion}`, components: sbom.data.components.length, key: "sbom.cdx.json" }
      : undefined,
    at: new Date().toISOString(),
  };
}

const testSteps = (documents: readonly DocumentResult[]): StepLine[] =>
  documents.filter(({ stage }) => stage === "test").flatMap(({ steps }) => steps);

const isSkipped = ({ status, fidelity }: StepLine): boolean => status === "skipped" || fidelity === "skipped";

function countTests(documents: readonly DocumentResult[]): Summary["tests"] {
  const steps = testSteps(documents);
  const failed = steps.filter(({ status }) => status === "failed").length;
  const skipped = steps.filter(isSkipped).length;
  return { passed: steps.length - failed - skipped, failed, skipped };
}

function overall(documents: readonly DocumentResult[], { verdict }: LocalDecision): Summary["result"] {
  return verdict === "rejected" ? "failed" : resultOf(documents);
}

function end(options: HereOptions, { documents }: ImageResult, decision: LocalDecision, summary: Summary): void {
  if (options.json) printJson(summary);
  else {
    printFound({ documents, decision, summary }, (all) => [
      "",
      ...drawTable(all.documents),
      "",
      ...drawGate(all.decision),
      ...drawDisk(options, all.summary),
      "",
      `Result: ${all.summary.result}, in ${(all.summary.wallMs / 1000).toFixed(1)} s. ${sayCached(all.documents)}${all.summary.packages} packages, ${all.summary.reboots} restart(s), ${all.summary.tests.passed} test steps passed, ${all.summary.tests.failed} failed. Not an AMI.`,
    ]);
  }
  process.exitCode = { passed: 0, failed: 1, incomplete: 2 }[summary.result];
}

const drawGate = ({ verdict, reasons, notJudged }: LocalDecision): string[] => [
  `Gate: ${verdict}`,
  ...reasons.map(
    ({ rule, passed, found, allowed }) => `  ${passed ? "passed" : "broken"}  ${rule}: ${found}; allowed: ${allowed}`,
  ),
  ...(notJudged.length > 0 ? [`  not judged here, because it needs AWS: ${notJudged.join(", ")}`] : []),
];

function drawDisk({ diskImage }: HereOptions, { disk }: Summary): string[] {
  if (!diskImage) return [];
  if (!disk)
    return [
      "",
      `No disk image: ${diskImage.file} is written only if the tests pass and the gate does not reject the image.`,
    ];
  const MiB = Math.round(disk.size / 2 ** 20);
  return [
    "",
    `Disk image: ${disk.file} (${disk.format}, ${MiB} MiB, SHA-256 ${disk.sha256}).`,
    `Its manifest ${disk.manifest} is signed; the public key is ${disk.publicKey}.`,
  ];
}
