import type { Factory } from "./factory-schema.ts";

/** What everything of a factory is tagged with, by the stack and by its functions. */
export const factoryTags = ({
  name,
  resourceTags,
}: Pick<Factory, "name" | "resourceTags">): Record<string, string> => ({
  ...resourceTags,
  "amint:factory": name,
});
