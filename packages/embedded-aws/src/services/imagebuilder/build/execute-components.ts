import type { Component, ComponentConfiguration, ImageRecipe } from "@aws-sdk/client-imagebuilder";
import type { ToeDocument } from "component-runner/documents";
import { type DocumentOutcome, runDocument, type StepFailure } from "component-runner/documents";
import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { normalised } from "../arn.ts";
import { managedDocument } from "../managed-components.ts";
import { findResource } from "../resources.ts";
import { instancePlan, SIMULATED, simulatedDurations } from "../simulation.ts";
import { builderState, type ImageRecord } from "../state.ts";
import { ConsoleLog } from "./console-log.ts";
import { BuildFailedError, WorkflowStepError } from "./failure-context.ts";
import { requireDownloads } from "./launch-instance.ts";
import { simulatedHost } from "./simulated-host.ts";
import type { SimulatedInstance } from "./simulated-instance.ts";

const STAGES: Readonly<Record<"build" | "test", readonly string[]>> = {
  build: ["build", "validate"],
  test: ["test"],
};

/** Maximum length of a failure's text in an image's state. */
const LONGEST_ERROR = 1024;

interface ChosenComponent {
  readonly component: Component;
  readonly document: ToeDocument;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The recipe's components with phases for a stage; versions with `x` are resolved now. */
export function componentsOf(
  aws: EmbeddedAws,
  image: ImageRecord,
  recipe: Pick<ImageRecipe, "components">,
  stage: "build" | "test",
): ChosenComponent[] {
  const chosen = (recipe.components ?? []).map((one) => choose(aws, image, one));
  return chosen.filter(({ document }) => document.phases.some(({ name }) => STAGES[stage].includes(name)));
}

function choose(
  aws: EmbeddedAws,
  image: ImageRecord,
  { componentArn = "", parameters }: ComponentConfiguration,
): ChosenComponent {
  const component = findResource(aws, image, "Component", componentArn);
  const { documents } = aws.state(builderState, image.account, image.region);
  const document = documents.get(component?.arn ?? "") ?? managedDocument(component?.name ?? "");
  if (!component || !document) throw new BuildFailedError(`The component '${componentArn}' does not exist.`);
  const values = (parameters ?? []).map(({ name, value }) => [name ?? "", value?.[0] ?? ""] as const);
  return { component, document, parameters: Object.fromEntries(values) };
}

/**
 * Runs components one after the other, as the ExecuteComponents action does, until one fails.
 * @returns the action's outputs
 * @throws WorkflowStepError naming component, phase and step
 */
export async function executeComponents(
  aws: EmbeddedAws,
  instance: SimulatedInstance,
  components: readonly ChosenComponent[],
): Promise<{ runCommandId: string; status: string; output: string }> {
  requireDownloads(instance);
  const { record: image, stage } = instance;
  const log = new ConsoleLog(instance);
  const runCommandId = aws.uuid();
  let executedStepCount = 0;
  let ignoredFailedStepCount = 0;
  for (const chosen of components) {
    const durations = simulatedDurations(instancePlan(aws, image.account, image.region));
    const duration = stage === "build" ? durations.buildComponent : durations.testComponent;
    await aws.clock.sleep(duration, image.cancellation.signal);
    const outcome = await carryOut(instance, chosen, log);
    executedStepCount += outcome.executedSteps;
    ignoredFailedStepCount += outcome.ignoredFailedSteps;
    if (outcome.failure) {
      const summary = { executedStepCount, failedStepCount: outcome.failedSteps, ignoredFailedStepCount };
      throw failure(chosen, outcome.failure, runCommandId, summary);
    }
  }
  const summary = {
    status: "success",
    executedStepCount,
    failedStepCount: 0,
    ignoredFailedStepCount,
    failureMessage: "",
  };
  return { runCommandId, status: "Success", output: `${JSON.stringify(summary)}\n${SIMULATED}` };
}

async function carryOut(
  instance: SimulatedInstance,
  { component, document, parameters }: ChosenComponent,
  log: ConsoleLog,
): Promise<DocumentOutcome> {
  log.begin(component.arn ?? "");
  const context = { component: normalised(component.name ?? ""), componentArn: component.arn ?? "" };
  const host = simulatedHost(instance, context);
  const outcome = await runDocument(document, {
    phases: STAGES[instance.stage],
    parameters,
    host: {
      ...host,
      async run(step) {
        const result = await host.run(step);
        log.step(step, step.disableLogging ? { ...result, stdout: "", stderr: "" } : result);
        return result;
      },
    },
  });
  log.end(outcome);
  return outcome;
}

/** AWS's message: the failed document, then AWSTOE's lines for the first failed step. */
function failure(
  { component, document }: ChosenComponent,
  { phase, step, action, errorMessage, stderr }: StepFailure,
  runCommandId: string,
  counts: object,
): WorkflowStepError {
  const componentArn = component.arn ?? "";
  const reason = `Document ${componentArn} failed!`;
  const details = [
    `Document: ${document.name || component.name}`,
    `ComponentArn: ${componentArn}`,
    `Phase: ${phase}`,
    `Step: ${step}`,
    `Action: ${action}`,
    `ErrorMessage: ${errorMessage}`,
    ...(stderr === "" ? [] : [`Stderr: ${stderr}`]),
  ];
  const summary = { status: "failed", ...counts, failureMessage: reason };
  return new WorkflowStepError([reason, ...details, SIMULATED].join("\n"), {
    reason,
    outputs: { runCommandId, status: "Failed", output: `${JSON.stringify(summary)}\n${SIMULATED}` },
    componentFailure: {
      componentArn,
      phaseName: phase,
      stepName: step,
      action,
      errorMessage: errorMessage.slice(0, LONGEST_ERROR),
    },
  });
}
