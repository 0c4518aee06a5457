import type { BuildFailure } from "../../events/build.ts";
import type { ComponentTest } from "../../events/evidence.ts";
import { describeFailure, type WorkflowStep } from "../build/workflow-steps.ts";
import { documentName } from "../component/image-components.ts";
import type { Component } from "../factory/component-schema.ts";

/** The name of a component in Image Builder. */
export function componentName(factory: string, component: Component): string {
  if ("aws" in component) return component.aws;
  if ("arn" in component) return component.arn.split("/")[1] ?? "";
  return `${factory}-${documentName(component.document)}`;
}

/**
 * The result of each test component, also for failed builds. Image Builder's step reports only the overall result and the
 * first failed component; it executes them in the recipe's order and stops at a failure (user guide, "ExecuteComponents").
 * @param recipe the names of the recipe's components, in order
 * @param tests the names of the test components
 * @param known what Image Builder reports elsewhere about the failure: it takes precedence over the step's message
 */
export function componentTests(
  recipe: readonly string[],
  tests: readonly string[],
  steps: readonly WorkflowStep[],
  known: Partial<BuildFailure> = {},
): ComponentTest[] {
  const some = recipe.filter((name) => tests.includes(name));
  const carriedOut = steps.findLast(({ workflow, action }) => workflow === "TEST" && action === "ExecuteComponents");
  if (carriedOut?.status === "COMPLETED") return some.map((component) => ({ component, status: "passed" }));
  if (carriedOut?.status !== "FAILED") return some.map((component) => ({ component, status: "not-run" }));
  const said = describeFailure([carriedOut], carriedOut.message ?? "");
  const { component: broken, phase, step, reason } = { ...said, ...known };
  const at = some.indexOf(broken ?? "");
  // Without a name it is unknown which ones ran.
  if (at < 0) return [];
  return some.map((component, index): ComponentTest => {
    if (index === at) {
      return { component, status: "failed", ...(phase && { phase }), ...(step && { step }), reason };
    }
    return { component, status: index < at ? "passed" : "not-run" };
  });
}

/** `acme-agents passed`, `acme-smoke failed in Ping: no answer`, `acme-openscap did not run`: one line for each test. */
export const sayTests = ({ tests }: BuildFailure): string[] => sayComponents(tests?.components ?? []);

export const sayComponents = (components: readonly ComponentTest[]): string[] =>
  components.map(({ component, status, step, reason }) => {
    if (status === "passed") return `${component} passed`;
    if (status === "not-run") return `${component} did not run`;
    return `${component} failed${step ? ` in ${step}` : ""}${reason ? `: ${reason}` : ""}`;
  });
