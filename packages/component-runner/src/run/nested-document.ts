import type { Entry } from "../actions/file-scripts.ts";
import { quote } from "../actions/quote.ts";
import { ToeDocumentError } from "../language/document.ts";
import { parseToeDocument } from "../language/parse-document.ts";
import { runDocument } from "../language/run-document.ts";
import type { StepHost, StepOutcome } from "../language/step-host.ts";
import { digestOf, type Instance, type RunNested } from "./document-host.ts";

/** User guide, "ExecuteDocument". */
const MOST_LEVELS = 3;

const failed = (errorMessage: string): StepOutcome => ({ exitCode: 1, stdout: "", stderr: errorMessage, errorMessage });

/**
 * Runs ExecuteDocument: the document is a file in the system, an S3 object, or a component ARN.
 * @param chain digests of the enclosing documents
 */
export const nestedDocument =
  (instance: Instance, chain: readonly string[]): RunNested =>
  async (inputs, host) => {
    const source = String(inputs.document);
    const text = await read(source, instance);
    if (typeof text !== "string") return text;
    const digest = digestOf(text);
    if (chain.includes(digest)) return failed(`The document '${source}' executes itself.`);
    if (chain.length > MOST_LEVELS)
      return failed(`Documents nest at most ${MOST_LEVELS} levels deep; '${source}' is one too many.`);
    try {
      const document = parseToeDocument(text, "Linux");
      const given = (inputs.parameters ?? []) as readonly { readonly name: unknown; readonly value: unknown }[];
      const parameters = Object.fromEntries(given.map(({ name, value }) => [String(name), String(value)]));
      const asked =
        inputs.phases === undefined
          ? undefined
          : String(inputs.phases)
              .split(",")
              .map((one) => one.trim());
      const phases = asked ?? document.phases.map(({ name }) => name);
      const inner: StepHost = {
        ...host,
        run: (step) => (step.action === "ExecuteDocument" ? deeper(step.inputs as Entry) : host.run(step)),
      };
      const deeper = (more: Entry) => nestedDocument(instance, [...chain, digest])(more, inner);
      const outcome = await runDocument(document, { phases, parameters, host: inner });
      const outputs = {
        executedStepCount: String(outcome.executedSteps),
        executionId: digest.slice(0, 32),
        failedStepCount: String(outcome.failedSteps),
        failureMessage: outcome.failure?.errorMessage ?? "",
        ignoredFailedStepCount: String(outcome.ignoredFailedSteps),
        logUrl: "",
        status: outcome.status.toLowerCase(),
      };
      if (!outcome.failure) return { exitCode: 0, stdout: "", stderr: "", outputs };
      const { phase, step, errorMessage, stderr } = outcome.failure;
      return { ...failed(`${source}: ${phase}.${step}: ${errorMessage}`), stderr, outputs };
    } catch (error) {
      if (error instanceof ToeDocumentError || (error instanceof Error && error.name === "MissingParameterError")) {
        return failed(`${source}: ${error.message}`);
      }
      throw error;
    }
  };

async function read(source: string, { system, aws, signal }: Instance): Promise<string | StepOutcome> {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(source) ?? [];
  try {
    if (source.startsWith("arn:")) return await aws.getComponent(source);
    if (bucket && key) return new TextDecoder().decode(await aws.getObject(bucket, key));
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return failed(`The document '${source}' could not be read: ${reason}`);
  }
  const chunks: Uint8Array[] = [];
  const onOutput = (chunk: Uint8Array, from: "stdout" | "stderr") => void (from === "stdout" && chunks.push(chunk));
  const { exitCode } = await system.run({ script: `head --bytes=1048576 ${quote(source)}`, signal, onOutput });
  return exitCode === 0
    ? Buffer.concat(chunks).toString()
    : failed(`The document '${source}' does not exist in the system.`);
}
