import type { GetInstanceProfileCommandOutput } from "@aws-sdk/client-iam";
import { AwsError } from "../../../engine/aws-error.ts";
import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { accountPrincipal, type Principal, rolePrincipal } from "../../../engine/principal.ts";
import { assertAssumable } from "../../iam/assert-assumable.ts";
import { normalised, type Place } from "../arn.ts";
import { callService } from "../call-service.ts";
import { s3Location } from "../fetch-document.ts";
import { type InstanceContext, type InstancePlan, instancePlan, type StepContext } from "../simulation.ts";
import type { ImageRecord } from "../state.ts";
import { holds } from "../toe/comparison.ts";
import type { StepOutcome } from "../toe/run-document.ts";
import { restsOnOutput } from "../toe/variables.ts";
import { playScript, type SimulatedSystem, systemOf } from "./simulated-system.ts";

/** An instance that runs nothing: the plan says how its steps end, files that documents create are remembered. */
export interface SimulatedInstance {
  readonly aws: EmbeddedAws;
  readonly record: ImageRecord;
  readonly stage: InstanceContext["stage"];
  readonly instanceId: string;
  readonly instanceProfileName: string;
  readonly files: Map<string, string>;
  readonly system: SimulatedSystem;
  /** Itself as a plan sees it, now. */
  context(): InstanceContext;
}

/**
 * @param imageId the AMI it is launched from
 * @param system left out: that AMI's
 */
export function simulatedInstance(
  aws: EmbeddedAws,
  record: ImageRecord,
  stage: InstanceContext["stage"],
  imageId: string,
  instanceProfileName: string,
  system: SimulatedSystem = systemOf(aws, record, imageId),
): SimulatedInstance {
  const instanceId = `i-${aws.hexId(17)}`;
  const context = (): InstanceContext => ({
    stage,
    image: normalised(record.image.name ?? ""),
    version: record.image.version ?? "",
    build: record.buildNumber,
    parentImageId: imageId,
    instanceId,
    time: aws.clock.now(),
  });
  return { aws, record, stage, instanceId, instanceProfileName, files: new Map(), system, context };
}

/** A call from the instance, in its region, by the role of its instance profile. */
export async function callAsInstance<Output>(
  { aws, record, instanceProfileName, instanceId }: SimulatedInstance,
  service: string,
  operation: string,
  input: object,
): Promise<Output> {
  const principal = await instancePrincipal(aws, record, instanceProfileName, instanceId);
  return callService<Output>(aws, service, operation, input, { principal, region: record.region });
}

interface InstanceStep {
  readonly context: StepContext;
  readonly inputs: unknown;
  readonly written: unknown;
}

const succeeded = (stdout = ""): StepOutcome => ({ exitCode: 0, stdout, stderr: "" });

const failed = (errorMessage: string): StepOutcome => ({ exitCode: 1, stdout: "", stderr: errorMessage, errorMessage });

/** What a step comes to: the plan's word first, else what its action says without an instance. */
export async function simulateStep(instance: SimulatedInstance, step: InstanceStep): Promise<StepOutcome> {
  const plan = instancePlan(instance.aws, instance.record.account, instance.record.region);
  const planned = plan.step?.(step.context);
  if (planned && (planned.exitCode ?? 0) !== 0) {
    return { exitCode: planned.exitCode ?? 0, stdout: planned.stdout ?? "", stderr: planned.stderr ?? "" };
  }
  const played = play(instance, step);
  if (played && !planned) return { stdout: "", ...played };
  const result = planned ? await byAction(instance, step) : await byScript(instance, plan, step);
  return planned && result.exitCode === 0 ? succeeded(planned.stdout) : result;
}

function play({ system, stage }: SimulatedInstance, { context, inputs }: InstanceStep) {
  if (context.action !== "ExecuteBash") return undefined;
  const { commands = [] } = inputs as { readonly commands?: readonly unknown[] };
  return playScript(system, commands.join("\n"), stage === "test");
}

/** A refused call ends a script as it ends the command line: with 254 and AWS's words (AWS CLI, "Return codes"). */
async function byScript(instance: SimulatedInstance, plan: InstancePlan, step: InstanceStep): Promise<StepOutcome> {
  const { aws, record } = instance;
  const { signal } = record.cancellation;
  const script = plan.script?.(step.context, {
    call: (service, operation, input) => callAsInstance(instance, service, operation, input),
    sleep: (ms) => aws.clock.sleep(ms, signal),
  });
  if (!script) return byAction(instance, step);
  try {
    const { exitCode = 0, stdout = "", stderr = "" } = await script;
    return { exitCode, stdout, stderr };
  } catch (error) {
    if (signal.aborted || !(error instanceof AwsError)) throw error;
    return { exitCode: 254, stdout: "", stderr: `An error occurred (${error.code}): ${error.message}` };
  }
}

async function byAction(instance: SimulatedInstance, { context, inputs, written }: InstanceStep): Promise<StepOutcome> {
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
      return succeeded(entries.map(({ path }) => text(fileOn(instance, context, String(path)))).join("\n"));
    case "Assert":
      // What a simulated step would have printed is not known, so it can't be held against the image.
      return restsOnOutput(written) || holds(inputs) ? succeeded() : failed("The assertion does not hold.");
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

/** Puts a simulated file into S3 as the instance's role, so that its policies count. A file that nobody planned is not there. */
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

/** Who an instance is: its instance profile's role, in a session named after the instance. */
export async function instancePrincipal(
  aws: EmbeddedAws,
  place: Place,
  instanceProfileName: string,
  instanceId: string,
): Promise<Principal> {
  const { InstanceProfile: profile } = await callService<GetInstanceProfileCommandOutput>(
    aws,
    "iam",
    "GetInstanceProfile",
    { InstanceProfileName: instanceProfileName },
    { principal: accountPrincipal(place.account), region: place.region },
  );
  const role = profile?.Roles?.[0]?.Arn;
  if (role === undefined) throw new Error(`The instance profile '${instanceProfileName}' has no role.`);
  assertAssumable(aws, role, "ec2.amazonaws.com");
  return rolePrincipal(role, instanceId);
}
