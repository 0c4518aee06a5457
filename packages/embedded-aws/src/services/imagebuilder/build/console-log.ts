import type { DocumentOutcome, StepOutcome } from "component-runner/documents";
import { rolePrincipal } from "../../../engine/principal.ts";
import { assertAssumable } from "../../iam/assert-assumable.ts";
import { iamOf } from "../../iam/state.ts";
import { LogWriter } from "../../logs/log-writer.ts";
import { normalised } from "../arn.ts";
import { SIMULATED } from "../simulation.ts";
import { isReachable } from "./launch-instance.ts";
import type { SimulatedInstance } from "./simulated-instance.ts";

/** A step, as named in the console output. */
interface Named {
  readonly phase: string;
  readonly name: string;
  readonly action: string;
}

/**
 * AWSTOE's output on an instance's console, as public build logs show it. The instance streams it to
 * `<version>/<build>` of the image's log group with its own role; a group outside `/aws/imagebuilder/` uses the
 * execution role (API reference, PipelineLoggingConfiguration). Without permissions or a network path, nothing is
 * written.
 */
export class ConsoleLog {
  readonly #writer: LogWriter | undefined;
  #phase = "";

  constructor(instance: SimulatedInstance) {
    const { aws, record } = instance;
    const { account, region, image, buildNumber } = record;
    const group = image.loggingConfiguration?.logGroupName ?? `/aws/imagebuilder/${normalised(image.name ?? "")}`;
    const role = group.startsWith("/aws/imagebuilder/") ? roleOf(instance) : image.executionRole;
    if (role === undefined || !isReachable(instance, "logs")) return;
    const principal = rolePrincipal(role, instance.instanceId);
    const stream = `${image.version}/${buildNumber}`;
    this.#writer = new LogWriter(aws, { account, region, group, stream, principal });
    this.#writer.open();
  }

  begin(componentArn: string): void {
    this.#phase = "";
    this.#print(`Document ${componentArn}`, SIMULATED);
  }

  step({ phase, name, action }: Named, { exitCode, stdout, stderr, errorMessage }: StepOutcome): void {
    if (phase !== this.#phase) this.#print(`Phase ${phase}`);
    this.#phase = phase;
    this.#print(`Step ${name}`, `${action}: STARTED EXECUTION`);
    for (const line of linesOf(stdout)) this.#print(`Stdout: ${line}`);
    for (const line of linesOf(stderr)) this.#print(`Stderr: ${line}`);
    if (errorMessage !== undefined && errorMessage !== stderr) this.#print(`Error: ${errorMessage}`);
    this.#print(`ExitCode ${exitCode}`, `${action}: FINISHED EXECUTION`);
  }

  end({ failure }: DocumentOutcome): void {
    this.#print(
      failure
        ? "TOE has completed execution with failure - Execution failed!"
        : "TOE has completed execution successfully",
    );
  }

  #print(...lines: readonly string[]): void {
    for (const line of lines) this.#writer?.write(line);
  }
}

const linesOf = (output: string): string[] => output.split("\n").filter((line) => line !== "");

/** The role of the instance profile, if EC2 may assume it. */
function roleOf({ aws, record, instanceProfileName }: SimulatedInstance): string | undefined {
  const { instanceProfiles, roles } = iamOf(aws, record.account);
  const arn = roles.get(instanceProfiles.get(instanceProfileName)?.role ?? "")?.arn;
  if (arn === undefined) return undefined;
  try {
    assertAssumable(aws, arn, "ec2.amazonaws.com");
    return arn;
  } catch {
    return undefined;
  }
}
