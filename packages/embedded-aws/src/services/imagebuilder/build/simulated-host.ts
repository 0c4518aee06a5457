import { createHash } from "node:crypto";
import type { GetParameterCommandOutput } from "@aws-sdk/client-ssm";
import {
  ACTIONS,
  checkPowerShell,
  holds,
  ParameterUnreadableError,
  type ParameterValue,
  type Question,
  restsOnOutput,
  type StepHost,
  type StepOutcome,
  type StepRequest,
} from "component-runner/documents";
import { AwsError } from "../../../engine/operation.ts";
import { s3Location } from "../fetch-document.ts";
import { type InstancePlan, instancePlan, type StepContext } from "../simulation.ts";
import { callAsInstance, type SimulatedInstance } from "./simulated-instance.ts";
import { playScript } from "./simulated-system.ts";

/** Runs the steps of a component's document on a simulated instance. */
export function simulatedHost(
  instance: SimulatedInstance,
  component: Pick<StepContext, "component" | "componentArn">,
): StepHost {
  const contextOf = ({ phase, name, action, attempt }: Pick<StepRequest, "phase" | "name" | "action" | "attempt">) => ({
    ...instance.context(),
    ...component,
    phase,
    step: name,
    action,
    attempt,
  });
  let context = contextOf({ phase: "", name: "", action: "", attempt: 1 });
  const inspect = async (question: Question) => answer(instance, context, question);
  return {
    inspect,
    readParameter: (name) => readParameter(instance, name),
    observe(event) {
      if (event.kind === "started") context = contextOf({ ...event, name: event.step, attempt: 1 });
    },
    async run(step) {
      context = contextOf(step);
      const { inputs, written } = step;
      const outcome = await simulateStep(instance, { context, inputs, written }, inspect);
      return { ...outcome, outputs: { ...outputsOf(step), ...outcome.outputs } };
    },
  };
}

/** Outputs of a step that was not executed: destination paths for files, nothing for others. */
function outputsOf({ action, inputs }: StepRequest): Record<string, string> {
  const others = ACTIONS[action]?.outputs.filter((name) => name !== "stdout") ?? [];
  const unknown = Object.fromEntries(others.map((name) => [name, ""]));
  if (action !== "WebDownload") return unknown;
  const entries = Array.isArray(inputs) ? (inputs as Record<string, unknown>[]) : [];
  return { destination: entries.map(({ destination }) => String(destination)).join("\n") };
}

/** With the instance's role. @throws ParameterUnreadableError */
async function readParameter(instance: SimulatedInstance, name: string): Promise<ParameterValue> {
  if (name.startsWith("/aws/reference/secretsmanager/")) {
    throw new ParameterUnreadableError(name, "AWS Secrets Manager is not built.");
  }
  try {
    const input = { Name: name, WithDecryption: true };
    const { Parameter: found } = await callAsInstance<GetParameterCommandOutput>(
      instance,
      "ssm",
      "GetParameter",
      input,
    );
    return { value: found?.Value ?? "", secret: found?.Type === "SecureString" };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new ParameterUnreadableError(name, `${error.code}: ${error.message}`, { cause: error });
  }
}

const HASHES: Readonly<Record<string, string>> = {
  fileMD5Equals: "md5",
  fileSHA1Equals: "sha1",
  fileSHA256Equals: "sha256",
  fileSHA512Equals: "sha512",
};

/** What the simulation does not know counts as true. */
function answer(instance: SimulatedInstance, context: StepContext, { operator, path, hash }: Question): boolean {
  if (operator === "binaryExists") return !instance.system.missing.has(path);
  const algorithm = HASHES[operator];
  const file = algorithm === undefined ? undefined : fileOn(instance, context, path);
  if (algorithm === undefined || file === undefined) return true;
  return createHash(algorithm).update(file).digest("hex") === hash?.toLowerCase();
}

interface InstanceStep {
  readonly context: StepContext;
  readonly inputs: unknown;
  readonly written: unknown;
}

const succeeded = (stdout = ""): StepOutcome => ({ exitCode: 0, stdout, stderr: "" });

const failed = (errorMessage: string): StepOutcome => ({ exitCode: 1, stdout: "", stderr: errorMessage, errorMessage });

/** A step's outcome: the plan's, or the default of its action. */
async function simulateStep(
  instance: SimulatedInstance,
  step: InstanceStep,
  inspect: StepHost["inspect"],
): Promise<StepOutcome> {
  const plan = instancePlan(instance.aws, instance.record.account, instance.record.region);
  const planned = plan.step?.(step.context);
  if (planned && (planned.exitCode ?? 0) !== 0) {
    return { exitCode: planned.exitCode ?? 0, stdout: planned.stdout ?? "", stderr: planned.stderr ?? "" };
  }
  const played = play(instance, step);
  if (played && !planned) return { stdout: "", ...played };
  const result = planned ? await byAction(instance, step, inspect) : await byScript(instance, plan, step, inspect);
  return planned && result.exitCode === 0 ? succeeded(planned.stdout) : result;
}

function play({ system, stage }: SimulatedInstance, { context, inputs }: InstanceStep) {
  const { commands = [] } = inputs as { readonly commands?: readonly unknown[] };
  const script = commands.join("\n");
  if (context.action === "ExecuteBash") return playScript(system, script, stage === "test");
  return context.action === "ExecutePowerShell" ? refuseScript(script) : undefined;
}

/** PowerShell parses a complete script before it runs any of it. */
function refuseScript(script: string) {
  const fault = checkPowerShell(script);
  if (!fault) return undefined;
  const before = script.slice(0, fault.offset).split("\n");
  const place = `line:${before.length} char:${(before.at(-1)?.length ?? 0) + 1}`;
  return { exitCode: 1, stderr: `At ${place}\n${fault.message}\n    + CategoryInfo          : ParserError` };
}

/**
 * A refused call ends a script as it ends the AWS CLI: with exit code 254 and AWS's message (AWS CLI, "Return codes").
 */
async function byScript(
  instance: SimulatedInstance,
  plan: InstancePlan,
  step: InstanceStep,
  inspect: StepHost["inspect"],
): Promise<StepOutcome> {
  const { aws, record } = instance;
  const { signal } = record.cancellation;
  const script = plan.script?.(step.context, {
    call: (service, operation, input) => callAsInstance(instance, service, operation, input),
    sleep: (ms) => aws.clock.sleep(ms, signal),
  });
  if (!script) return byAction(instance, step, inspect);
  try {
    const { exitCode = 0, stdout = "", stderr = "" } = await script;
    return { exitCode, stdout, stderr };
  } catch (error) {
    if (signal.aborted || !(error instanceof AwsError)) throw error;
    return { exitCode: 254, stdout: "", stderr: `An error occurred (${error.code}): ${error.message}` };
  }
}

async function byAction(
  instance: SimulatedInstance,
  { context, inputs, written }: InstanceStep,
  inspect: StepHost["inspect"],
): Promise<StepOutcome> {
  const entries = (Array.isArray(inputs) ? inputs : []) as Record<string, unknown>[];
  switch (context.action) {
    case "CreateFile":
    case "AppendFile":
      for (const { path, content = "" } of entries) {
        const before = context.action === "AppendFile" ? (instance.files.get(String(path)) ?? "") : "";
        instance.files.set(String(path), before + String(content));
      }
      return succeeded();
    case "ReadFile":
      return {
        ...succeeded(),
        outputs: { content: entries.map(({ path }) => text(fileOn(instance, context, String(path)))).join("\n") },
      };
    case "Assert":
      // A simulated step's output is not known, so it does not fail the image.
      return restsOnOutput(written) || (await holds(inputs, inspect))
        ? succeeded()
        : failed("The assertion does not hold.");
    case "S3Upload":
      for (const { source, destination } of entries) {
        const refusal = await upload(instance, context, String(source), String(destination));
        if (refusal !== undefined) return failed(refusal);
      }
      return succeeded();
    default:
      return succeeded();
  }
}

const fileOn = (instance: SimulatedInstance, context: StepContext, path: string): string | Uint8Array | undefined =>
  instancePlan(instance.aws, instance.record.account, instance.record.region).file?.(context, path) ??
  instance.files.get(path);

const text = (file: string | Uint8Array | undefined): string =>
  file instanceof Uint8Array ? new TextDecoder().decode(file) : (file ?? "");

/** Uploads a simulated file to S3 with the instance's role, so that its policies apply. Only planned files exist. */
async function upload(
  instance: SimulatedInstance,
  context: StepContext,
  source: string,
  destination: string,
): Promise<string | undefined> {
  const to = s3Location(destination);
  if (!to) return `The destination '${destination}' must have the form s3://bucket/key.`;
  const body = fileOn(instance, context, source);
  if (body === undefined) return undefined;
  try {
    const file = source.slice(source.lastIndexOf("/") + 1);
    const key = to.key === "" || to.key.endsWith("/") ? `${to.key}${file}` : to.key;
    const Body = typeof body === "string" ? new TextEncoder().encode(body) : body;
    await callAsInstance(instance, "s3", "PutObject", { Bucket: to.bucket, Key: key, Body });
    return undefined;
  } catch (error) {
    return `Uploading ${source} to ${destination} failed: ${error instanceof Error ? error.message : String(error)}`;
  }
}
