import type { Factory } from "./factory-schema.ts";

/** Routes of notices that no notice would ever take, because they name images that there are not. */
export function checkNotify({ notify, images }: Pick<Factory, "notify" | "images">): string[] {
  const known = Object.keys(images);
  return (notify.slack?.routes ?? []).flatMap(({ images: named = [] }, index) =>
    named
      .filter((name) => !known.includes(name))
      .map(
        (name) =>
          `notify.slack.routes.${index}.images: expected some of ${known.map((one) => `"${one}"`).join(", ")}, found "${name}"`,
      ),
  );
}
