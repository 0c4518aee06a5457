import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import {
  deleteComponent,
  deleteRecipe,
  listComponentReferences,
  listRecipeReferences,
  listRecipes,
  listReplacedComponents,
} from "../../../adapters/builder-parts.ts";
import { recordRemoval } from "../../../adapters/ledger/leftovers.ts";
import { type FoundPart, planParts } from "../../../core/clean-up/plan-parts.ts";
import type { RemovedThing } from "../../../events/leftovers-removed.ts";
import { inTurn } from "../repair/in-turn.ts";
import type { Step } from "../step.ts";

/** In one run; what is left is the next day's. */
const MOST = 50;

/** Deletes versions of recipes that a newer one took the place of, and that no pipeline and no image is of. @returns how many */
export async function cleanRecipes(step: Step<"PROMOTION_ARN">): Promise<number> {
  const imageBuilder = step.client(ImagebuilderClient);
  const parts = await listRecipes(imageBuilder);
  if (!isAnyReplaced(parts)) return 0;
  const due = planParts({ ...timesOf(step), parts, references: await listRecipeReferences(imageBuilder) });
  return deleteEach(due, { kind: "recipe", of: (arn) => deleteRecipe(imageBuilder, arn) }, step);
}

/** Deletes versions of components that a newer one took the place of, and that no recipe has. @returns how many */
export async function cleanComponents(step: Step<"PROMOTION_ARN">): Promise<number> {
  const imageBuilder = step.client(ImagebuilderClient);
  const parts = await listReplacedComponents(imageBuilder);
  if (!isAnyReplaced(parts)) return 0;
  const due = planParts({ ...timesOf(step), parts, references: await listComponentReferences(imageBuilder) });
  return deleteEach(due, { kind: "component", of: (arn) => deleteComponent(imageBuilder, arn) }, step);
}

const isAnyReplaced = (parts: readonly FoundPart[]): boolean =>
  new Set(parts.map(({ name }) => name)).size < parts.length;

const timesOf = ({ settings, now }: Step<"PROMOTION_ARN">) => ({
  factory: settings.factory.name,
  now,
  keepSeconds: settings.factory.leftovers.keep,
});

interface Deletion {
  readonly kind: RemovedThing["kind"];
  readonly of: (arn: string) => Promise<boolean>;
}

function deleteEach(
  due: readonly FoundPart[],
  { kind, of }: Deletion,
  { ledger, settings, now }: Step<"PROMOTION_ARN">,
) {
  const { region } = settings.place;
  const why = "a newer version took its place, and nothing is made of it";
  const deletions = due.slice(0, MOST).map(({ arn }) => [
    arn,
    async () => {
      if (!(await of(arn))) return 0;
      await recordRemoval(ledger, { kind, id: arn, region, why }, now);
      return 1;
    },
  ]);
  return inTurn(Object.fromEntries(deletions));
}
