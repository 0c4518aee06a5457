import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseToeDocument } from "../../documents.ts";
import { namespaces } from "../../src/isolation/namespaces/namespaces.ts";
import type { Limits } from "../../src/isolation/system.ts";
import { type InstanceAws, noAws } from "../../src/run/instance-aws.ts";
import type { PlannedDocument } from "../../src/run/plan-documents.ts";
import type { RunEvent } from "../../src/run/run-events.ts";
import { type ImageResult, type ImageRun, runImage } from "../../src/run/run-image.ts";

export interface Ran extends ImageResult {
  readonly events: readonly RunEvent[];
  /** Everything that steps printed, in order. */
  readonly output: string;
}

export const planned = (
  title: string,
  text: string,
  parameters: Readonly<Record<string, string>> = {},
): PlannedDocument => ({ kind: "document", title, text, document: parseToeDocument(text, "Linux"), parameters });

/** A document with the steps of one phase, as YAML. */
export const steps = (phase: string, text: string): string =>
  `schemaVersion: 1.0\nphases:\n  - name: ${phase}\n    steps:\n${text.replace(/^/gm, "      ")}\n`;

const limits: Limits = { memoryMiB: 1024, processes: 1024, diskMiB: 2048 };

/** Runs documents in a Debian system. */
export async function run(
  documents: readonly PlannedDocument[],
  more: Partial<ImageRun> = {},
  aws: InstanceAws = noAws("a test without AWS"),
): Promise<Ran> {
  const events: RunEvent[] = [];
  const root = await namespaces.prepare(
    { kind: "os", os: "debian-12", architecture: "x86_64" },
    { progress: () => {}, limits },
  );
  const result = await runImage({
    backend: namespaces,
    boot: {
      root,
      limits,
      metadata: {
        instanceId: "i-0123456789abcdef0",
        region: "eu-west-1",
        accountId: "111122223333",
        imageId: "ami-0123456789abcdef0",
        instanceType: "m5.large",
      },
      signal: new AbortController().signal,
    },
    planned: documents,
    phases: ["build", "validate", "test"],
    aws,
    workingDirectory: "/var/tmp",
    cache: false,
    results: mkdtempSync(join(tmpdir(), "results-")),
    report: (event) => events.push(event),
    ...more,
  });
  const output = events.flatMap((event) => (event.type === "output" ? [event.line] : [])).join("\n");
  return { ...result, events, output };
}

/** The results of a run's steps, by name. */
export const endings = ({ documents }: ImageResult): Record<string, string> =>
  Object.fromEntries(
    documents.flatMap((one) =>
      one.steps.map(({ phase, step, status, failureMessage }) => [`${phase}.${step}`, failureMessage || status]),
    ),
  );
