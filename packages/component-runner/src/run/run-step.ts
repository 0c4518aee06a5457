import { type Entry, fileScripts, NotBuiltError, outputOf } from "../actions/file-scripts.ts";
import { bashScript, binaryScript, inspectScript, updateScript } from "../actions/system-scripts.ts";
import { holds } from "../language/comparison.ts";
import type { StepOutcome, StepRequest } from "../language/step-host.ts";
import type { StepTools } from "./step-tools.ts";
import { download, upload } from "./transfer.ts";

/** Bytes of standard output kept for later steps and the results. */
const KEPT_BYTES = 1024 * 1024;

const AFTER_REBOOT = 0;

const failed = (errorMessage: string): StepOutcome => ({ exitCode: 1, stdout: "", stderr: errorMessage, errorMessage });

/** Runs one round of a step in a system. */
export async function carryOut({ action, inputs }: StepRequest, tools: StepTools): Promise<StepOutcome> {
  const mapping = (inputs ?? {}) as Entry;
  const entries = (Array.isArray(inputs) ? inputs : [inputs]) as Entry[];
  switch (action) {
    case "ExecuteBash":
      return runScript(bashScript(mapping), tools);
    case "ExecuteBinary":
      return runScript(binaryScript(mapping), tools);
    case "UpdateOS":
      return runScript(updateScript(mapping), tools);
    case "Assert":
      return (await holds(inputs, (question) => inspect(question, tools)))
        ? { exitCode: 0, stdout: "", stderr: "" }
        : failed("The assertion does not hold.");
    case "Reboot":
      return reboot(Number(mapping.delaySeconds ?? 0), tools);
    case "ExecuteDocument":
      return tools.runNested(mapping);
    case "S3Download":
    case "S3Upload":
      return each(entries, (entry) => (action === "S3Download" ? download : upload)(entry, tools));
    default: {
      const script = fileScripts[action];
      if (!script) return failed(`The action ${action} is not built for Linux systems.`);
      return each(entries, (entry) => runFileAction(action, script, entry, tools));
    }
  }
}

export const inspect = async (
  question: Parameters<typeof inspectScript>[0],
  tools: Pick<StepTools, "system" | "signal">,
) => (await tools.system().run({ script: inspectScript(question), signal: tools.signal })).exitCode === 0;

async function runFileAction(action: string, script: (entry: Entry) => string, entry: Entry, tools: StepTools) {
  try {
    const quiet = { ...tools, onOutput: action === "ReadFile" ? printedOnlyIf(entry, tools) : tools.onOutput };
    const outcome = await runScript(`set -e\n${script(entry)}`, quiet);
    // The script's programs print the reason.
    if (outcome.exitCode !== 0) return { errorMessage: outcome.stderr.split("\n").at(-1) ?? "", ...outcome };
    const outputs = outputOf[action]?.(outcome.stdout);
    return outputs ? { ...outcome, outputs } : outcome;
  } catch (error) {
    if (error instanceof NotBuiltError) return failed(error.message);
    throw error;
  }
}

/** File content is logged only on request. */
const printedOnlyIf = (entry: Entry, { onOutput }: StepTools): StepTools["onOutput"] =>
  String(entry.printFileContent) === "true" ? onOutput : (text, from) => from === "stderr" && onOutput(text, from);

/** Runs the entries in order and stops at the first failure. */
async function each(entries: readonly Entry[], run: (entry: Entry) => Promise<StepOutcome>): Promise<StepOutcome> {
  const done: StepOutcome[] = [];
  for (const entry of entries) {
    const outcome = await run(entry);
    done.push(outcome);
    if (outcome.exitCode !== 0) return outcome;
  }
  const joined = (one: (outcome: StepOutcome) => string) => done.map(one).join("\n");
  const names = new Set(done.flatMap(({ outputs = {} }) => Object.keys(outputs)));
  const outputs = [...names].map((name) => [name, joined((one) => one.outputs?.[name] ?? "")]);
  return { exitCode: 0, stdout: joined(({ stdout }) => stdout), stderr: "", outputs: Object.fromEntries(outputs) };
}

/** Runs the script from a file with empty input, so that a program that prompts ends instead of waiting. */
const IN_A_FILE = `
script="$(mktemp /run/component-runner.XXXXXX)"
cat > "$script"
bash "$script" < /dev/null
status=$?
rm -f "$script"
exit $status
`;

async function runScript(script: string, { system, signal, onOutput }: StepTools): Promise<StepOutcome> {
  const kept = { stdout: new Kept(), stderr: new Kept() };
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  const { exitCode, systemDown } = await system().run({
    script: IN_A_FILE,
    input: new TextEncoder().encode(script),
    signal,
    onOutput(chunk, from) {
      const text = decoders[from].decode(chunk, { stream: true });
      kept[from].add(text);
      onOutput(text, from);
    },
  });
  const stdout = kept.stdout.text.replace(/\n$/, "");
  const stderr = kept.stderr.text.replace(/\n$/, "");
  const errorMessage = explain(exitCode, systemDown, signal);
  return { exitCode, stdout, stderr, ...(errorMessage !== undefined && { errorMessage }) };
}

function explain(exitCode: number, systemDown: boolean, { aborted, reason }: AbortSignal): string | undefined {
  if (aborted) return reason instanceof Error ? reason.message : String(reason);
  if (systemDown) {
    return "The system went down during the step. To restart it, end the step with exit code 194, or use the action Reboot.";
  }
  return exitCode > 128 && exitCode < 165 ? `ended by signal ${exitCode - 128} (exit status ${exitCode})` : undefined;
}

/** Keeps the first KEPT_BYTES of an output. */
class Kept {
  text = "";
  #full = false;

  add(more: string): void {
    if (this.#full) return;
    this.text += more;
    if (this.text.length <= KEPT_BYTES) return;
    this.#full = true;
    this.text = `${this.text.slice(0, KEPT_BYTES)}\n(more output left out)`;
  }
}

async function reboot(delaySeconds: number, { restart, signal }: StepTools): Promise<StepOutcome> {
  if (delaySeconds > 0) await new Promise((resolve) => setTimeout(resolve, delaySeconds * 1000));
  signal.throwIfAborted();
  await restart();
  return { exitCode: AFTER_REBOOT, stdout: "", stderr: "" };
}
