import { levelOf } from "../core/cis.ts";
import { addedDocuments, INSPECTOR_DOCUMENT, OPENSCAP_DOCUMENT } from "../core/factory/added-documents.ts";
import type { Image } from "../core/factory/image-schema.ts";
import { releaseUpdates } from "../core/packages/operating-system.ts";
import factory from "../factory.config.ts";
import { component } from "./components.ts";
import { evidence } from "./evidence.ts";

interface RecipeComponent {
  readonly componentArn: $util.Input<string>;
  readonly parameters?: { name: string; value: $util.Input<string> }[];
}

/** The components of an image's recipe in their order, and what of them a recipe's version follows from. */
export function recipeComponents(image: Image): { readonly list: RecipeComponent[]; readonly content: unknown } {
  const { afterBuild, afterTests } = addedDocuments(image);
  const order = [...image.components, ...afterBuild, ...image.tests, ...afterTests];
  const uploads = (one: string) => [...afterBuild, ...afterTests].includes(one) && one !== INSPECTOR_DOCUMENT;
  return {
    list: order.map((one) => {
      const settings = {
        ...(uploads(one) && { EvidenceBucket: evidence.bucket }),
        ...settingsOf(one, image),
      };
      const parameters = Object.entries(settings).map(([name, value]) => ({ name, value }));
      return { componentArn: component(one).arn, ...(parameters.length > 0 && { parameters }) };
    }),
    content: order.map((one) => [component(one).reference, settingsOf(one, image)]),
  };
}

/** The parameters that follow from an image's config. */
function settingsOf(document: string, { gate: { cis }, triggers }: Image): Readonly<Record<string, string>> {
  if (releaseUpdates.some(({ ami, container }) => document === ami || document === container))
    return { Release: triggers.packages?.release ?? "latest" };
  if (cis?.by === "inspector") {
    return document === INSPECTOR_DOCUMENT ? { Factory: factory.name, Level: levelOf(cis.level) } : {};
  }
  if (document !== OPENSCAP_DOCUMENT || !cis) return {};
  return { ContentUrl: cis.content.url, ContentSha256: cis.content.sha256, Profile: cis.profile };
}
