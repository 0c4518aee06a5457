/** `{{ aws:ssm:/a/parameter }}` and `{{ aws:ssm:resolve(a-parameter) }}` (user guide, "Use variables in your custom component document"). */
const REFERENCE = /\{\{\s*aws:ssm:(?:resolve\(\s*([\w./-]+)\s*\)|([\w./-]+))\s*\}\}/g;

/**
 * The parameters of Systems Manager that a component document names. What a script reads by itself is not among them: the
 * config names that.
 */
export const parametersIn = (document: string): string[] => [
  ...new Set([...document.matchAll(REFERENCE)].map(([, resolved, named]) => resolved ?? named ?? "")),
];
