/** A version of a recipe, or a build of a component's version. */
export interface FoundPart {
  readonly arn: string;
  readonly name: string;
  /** Undefined: Image Builder does not say; then it is kept. */
  readonly createdAt: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

interface Asked {
  readonly factory: string;
  readonly now: Date;
  readonly keepSeconds: number;
  readonly parts: readonly FoundPart[];
  /** ARNs by which something refers to such parts, patterns such as `1.x.x` among them. */
  readonly references: readonly string[];
}

/**
 * Versions that a newer one, which is in use, took the place of long ago, and that nothing refers to. The deployment deletes
 * what it replaces (`docs/adr/0004-replaced-versions-go.md`); these it lost sight of, and when their content comes back they
 * would stand in its way.
 */
export function planParts({ factory, now, keepSeconds, parts, references }: Asked): FoundPart[] {
  const isUsed = (part: FoundPart): boolean => references.some((one) => refersTo(one, part.arn));
  return [...Map.groupBy(parts, ({ name }) => name).values()].flatMap((versions) => {
    const current = versions.flatMap((one) => (isUsed(one) && one.createdAt ? [one.createdAt] : []));
    return versions.filter(
      (one) =>
        one.tags["amint:factory"] === factory &&
        one.createdAt !== undefined &&
        Date.parse(one.createdAt) + keepSeconds * 1000 <= now.getTime() &&
        current.some((at) => Date.parse(at) > Date.parse(one.createdAt ?? "")) &&
        !isUsed(one),
    );
  });
}

/**
 * Whether a reference may mean a part: itself, a version without its build, or a pattern. One that is read wrongly is read
 * as meaning every version of the name.
 */
function refersTo(reference: string, arn: string): boolean {
  if (reference === arn || arn.startsWith(`${reference}/`)) return true;
  const [, version = ""] = split(reference);
  return split(reference)[0] === split(arn)[0] && !/^\d+\.\d+\.\d+(\/\d+)?$/.test(version);
}

/** `...:component/acme-smoke` and `1.2.3/1`. */
function split(arn: string): readonly [name: string, version: string] {
  const [kind = "", name = "", ...version] = arn.split("/");
  return [`${kind}/${name}`, version.join("/")];
}
