import { parseToeDocument } from "../../src/language/parse-document.ts";
import { runDocument } from "../../src/language/run-document.ts";
import type {
  ParameterValue,
  Question,
  StepEvent,
  StepHost,
  StepOutcome,
  StepRequest,
} from "../../src/language/step-host.ts";

/** A step that runs one command, as lines of a document. @param more lines of the step, each with eight spaces */
export const bash = (name: string, command: string, more = ""): string => `      - name: ${name}
        action: ExecuteBash
        inputs: { commands: ["${command}"] }
${more}`;

/** A document with these steps in its phase `build`, and one in `test`. */
export const document = (...steps: readonly string[]) =>
  parseToeDocument(
    `schemaVersion: 1.0
parameters:
  - Port: { type: string, default: "22" }
  - Host: { type: string, default: localhost }
constants:
  - Dir: { type: string, value: /etc/ssh }
phases:
  - name: build
    steps:
${steps.join("")}
  - name: test
    steps:
${bash("Later", "true")}`,
    "Linux",
  );

interface Answers {
  /** Exit codes by step, one per run; 0 after them. */
  readonly exits?: Readonly<Record<string, number[]>>;
  readonly outputs?: Readonly<Record<string, Partial<StepOutcome>>>;
  readonly stored?: Readonly<Record<string, ParameterValue>>;
  readonly inspect?: (question: Question) => boolean;
}

/** Records its requests. */
export function hostWith({ exits = {}, outputs = {}, stored = {}, inspect = () => true }: Answers = {}) {
  const asked = {
    commands: [] as string[],
    requests: [] as StepRequest[],
    questions: [] as Question[],
    parameters: [] as string[],
    events: [] as StepEvent[],
  };
  const host: StepHost = {
    async run(request) {
      asked.requests.push(request);
      asked.commands.push((request.inputs as { commands: string[] }).commands.join("; "));
      const exitCode = exits[request.name]?.shift() ?? 0;
      return { exitCode, stdout: "", stderr: exitCode === 0 ? "" : "it broke", ...outputs[request.name] };
    },
    async inspect(question) {
      asked.questions.push(question);
      return inspect(question);
    },
    async readParameter(name) {
      asked.parameters.push(name);
      const found = stored[name];
      if (!found) throw new Error(`no parameter ${name}`);
      return found;
    },
    observe: (event) => void asked.events.push(event),
  };
  return { host, asked };
}

/** Runs the build stage. */
export const build = (parsed: ReturnType<typeof document>, host: StepHost, parameters: Record<string, string> = {}) =>
  runDocument(parsed, { phases: ["build", "validate"], parameters, host });
