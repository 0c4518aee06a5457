import { manifest as manifestSchema, sbom as sbomSchema } from "../../core/evidence/manifest.ts";
import { requireImage } from "../../core/factory/require-image.ts";
import { judgeHere, type LocalDecision, type LocalEvidence } from "../../core/gate/judge-here.ts";
import { loadFactory } from "../command/load-factory.ts";
import { printFound, printJson } from "../command/print.ts";
import { drawTable } from "../component/draw-run.ts";
import { fromImage } from "../component/run/image-source.ts";
import type { InstanceAws } from "../component/run/instance-aws.ts";
import { type RunOptions, withRun } from "../component/run/open-run.ts";
import type { DocumentResult } from "../component/run/run-events.ts";
import { type ImageResult, runImage } from "../component/run/run-image.ts";
import { reportJson, reportLines, resultOf } from "../component/test.ts";

export interface HereOptions extends RunOptions {
  readonly config?: string;
}

/** The last line of `--json`. */
interface Summary {
  readonly type: "summary";
  readonly result: "passed" | "failed" | "incomplete";
  readonly backend: string;
  readonly reboots: number;
  readonly packages: number;
  /** Steps of the test phases. */
  readonly tests: { readonly passed: number; readonly failed: number; readonly skipped: number };
  readonly gate: LocalDecision["verdict"];
  readonly notJudged: readonly string[];
  readonly wallMs: number;
}

/** `amint build --here <image>`: the whole image for real, on this machine. It makes no AMI. */
export async function buildHere(name: string, options: HereOptions): Promise<void> {
  const began = performance.now();
  const factory = await loadFactory(options.config);
  const image = requireImage(factory, name);
  const report = options.json ? reportJson : reportLines;
  report({
    type: "system",
    text: `Builds ${name} on this machine. The result is not an AMI, and nothing is sent to AWS.`,
  });
  const source = await fromImage(name, options);
  const uploads = new Map<string, Uint8Array>();
  await withRun(options, source, report, async (run) => {
    const result = await runImage({
      ...run,
      ...source,
      aws: recording(source.aws, uploads),
      phases: ["build", "validate", "test"],
      cache: options.cache,
      report,
    });
    const evidence = toEvidence(result, uploads);
    const canAsk = Object.keys(factory.people ?? {}).length > 0;
    const circumstances = { image: name, waivers: factory.waivers, now: new Date(), revoked: [], canAsk };
    const decision = judgeHere(evidence, image.gate, circumstances);
    end(options, result, decision, {
      type: "summary",
      result: overall(result.documents, decision),
      backend: run.backend.name,
      reboots: result.restarts,
      packages: evidence.manifest.packages.length,
      tests: countTests(result.documents),
      gate: decision.verdict,
      notJudged: decision.notJudged,
      wallMs: Math.round(performance.now() - began),
    });
  });
}

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

function toEvidence({ documents }: ImageResult, uploads: ReadonlyMap<string, Uint8Array>): LocalEvidence {
  const parsed = (file: string): unknown => {
    const content = uploads.get(file);
    return content && JSON.parse(new TextDecoder().decode(content));
  };
  const manifest = manifestSchema.safeParse(parsed("packages.json"));
  const sbom = sbomSchema.safeParse(parsed("sbom.cdx.json"));
  const tested = documents.filter(({ stage, status }) => stage === "test" && status !== "not-run");
  const failed = documents.filter(({ status }) => status === "failed");
  return {
    tests: tested.length === 0 ? [] : [{ name: "test", status: failed.length > 0 ? "FAILED" : "COMPLETED" }],
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

function countTests(documents: readonly DocumentResult[]): Summary["tests"] {
  const steps = documents.filter(({ stage }) => stage === "test").flatMap((one) => one.steps);
  const failed = steps.filter(({ status }) => status === "failed").length;
  const skipped = steps.filter(({ status, fidelity }) => status === "skipped" || fidelity === "skipped").length;
  return { passed: steps.length - failed - skipped, failed, skipped };
}

function overall(documents: readonly DocumentResult[], { verdict }: LocalDecision): Summary["result"] {
  return verdict === "rejected" ? "failed" : resultOf(documents);
}

function end({ json }: HereOptions, { documents }: ImageResult, decision: LocalDecision, summary: Summary): void {
  if (json) printJson(summary);
  else {
    printFound({ documents, decision, summary }, (all) => [
      "",
      ...drawTable(all.documents),
      "",
      ...drawGate(all.decision),
      "",
      `Result: ${all.summary.result}, in ${(all.summary.wallMs / 1000).toFixed(1)} s. ${all.summary.packages} packages, ${all.summary.reboots} restart(s), ${all.summary.tests.passed} test steps passed, ${all.summary.tests.failed} failed. Not an AMI.`,
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
