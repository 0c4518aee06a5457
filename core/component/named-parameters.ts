/** `{{ aws:ssm:/a/parameter }}` and `{{ aws:ssm:resolve(a-parameter) }}` (user guide, "Use variables in your custom component document"). */
const REFERENCE = /\{\{\s*aws:ssm:(?:resolve\(\s*([\w./-]+)\s*\)|([\w./-]+))\s*\}\}/g;

/**
 * The Systems Manager parameters that a component document references. Parameters that its scripts read themselves are not
 * included: the config lists those.
 */
export const parametersIn = (document: string): string[] => [
  ...new Set([...document.matchAll(REFERENCE)].map(([, resolved, named]) => resolved ?? named ?? "")),
];
