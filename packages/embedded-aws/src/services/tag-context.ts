type Tags = Iterable<readonly [key: string, value: string]>;

/** Condition keys that IAM derives from the tags in a request (IAM user guide, "Controlling access using tags"). */
export function requestTagContext(tags: Tags): Record<string, string | readonly string[]> {
  const pairs = [...tags];
  if (pairs.length === 0) return {};
  return {
    ...Object.fromEntries(pairs.map(([key, value]) => [`aws:RequestTag/${key}`, value])),
    "aws:TagKeys": pairs.map(([key]) => key),
  };
}

/** Condition keys that IAM derives from a resource's tags. Some services have a second, older prefix. */
export function resourceTagContext(tags: Tags, prefixes: readonly string[] = ["aws"]): Record<string, string> {
  return Object.fromEntries(
    [...tags].flatMap(([key, value]) => prefixes.map((prefix) => [`${prefix}:ResourceTag/${key}`, value])),
  );
}
