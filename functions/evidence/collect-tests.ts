import type { ImageDetails } from "../../adapters/build/image-builder.ts";
import { stepEnd, testSteps, type WorkflowStep } from "../../core/build/workflow-steps.ts";
import { scannerDocuments } from "../../core/component/added-documents.ts";
import { componentName, componentTests } from "../../core/evidence/component-tests.ts";
import type { Evidence } from "../../core/evidence/evidence.ts";
import { requireImage } from "../../core/factory/require-image.ts";
import type { BuildFailure } from "../../events/build.ts";
import type { Invocation } from "../invocation.ts";
import type { Piece } from "./piece.ts";

/**
 * The result of the tests, as Image Builder's total and by component.
 * @param known other known facts of a build's failure
 */
export function collectTests(
  image: string,
  { components }: Pick<ImageDetails, "components">,
  steps: readonly WorkflowStep[],
  { settings, now }: Pick<Invocation, "settings" | "now">,
  known: Partial<BuildFailure> = {},
): Piece<Pick<Evidence, "tests" | "components">> {
  const { factory } = settings;
  const scanners = scannerDocuments.map((document) => ({ document, parameters: {} }));
  const tested = [...requireImage(factory, image).tests, ...scanners];
  const names = tested.map((one) => componentName(factory.name, one));
  return {
    found: { tests: testSteps(steps), components: componentTests(components, names, steps, known) },
    sources: [
      {
        piece: "tests",
        source: "imagebuilder:ListWorkflowStepExecutions",
        at: stepEnd(steps, "TEST", "ExecuteComponents") ?? now.toISOString(),
      },
    ],
  };
}
