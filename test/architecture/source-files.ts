import { readdirSync, readFileSync } from "node:fs";

export interface SourceFile {
  /** From the repository's root, with slashes. */
  readonly path: string;
  readonly lines: readonly string[];
}

const folders = "events core adapters functions stacks cli local demo test bench packages".split(" ");

/** Every source file of ours, in the folders of the tree and at its top. */
export function sourceFiles(): SourceFile[] {
  const inFolders = folders.flatMap((folder) => {
    try {
      return readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => `${folder}/${file}`);
    } catch {
      return [];
    }
  });
  return (
    [...inFolders, ...readdirSync(".")]
      // Not the template of `npm create amint`, which is a separate project, nor the output of `npm pack`.
      .filter((path) => /\.(ts|tsx|mjs)$/.test(path) && !/^packages\/[\w-]+\/(template|dist)\//.test(path))
      .map((path) => ({ path, lines: readFileSync(path, "utf8").split("\n") }))
  );
}

/** The lines of some files that match, as `path:line: text`. */
export const linesLike = (pattern: RegExp, isSearched: (path: string) => boolean): string[] =>
  sourceFiles()
    .filter(({ path }) => isSearched(path))
    .flatMap(({ path, lines }) =>
      lines.flatMap((line, n) => (pattern.test(line) ? [`${path}:${n + 1}: ${line.trim()}`] : [])),
    );

export interface Import {
  readonly path: string;
  readonly line: number;
  readonly text: string;
  /** A folder or file of ours (`core`, `factory.config.ts`), or a package's name. */
  readonly target: string;
  /** As the file writes it, with a package's entry point. */
  readonly specifier: string;
  readonly ours: boolean;
}

/** Every import and re-export, static and dynamic. */
export const importsOf = ({ path, lines }: SourceFile): Import[] =>
  lines.flatMap((text, index): Import[] => {
    const found = /(?:^(?:.*[\s}])?from\s+|^\s*import\s+)"([^"\\]+)"(?: with .*)?;$|\bimport\("([^"]+)"/.exec(text);
    const specifier = found?.[1] ?? found?.[2];
    if (!specifier || text.trimStart().startsWith("//") || text.trimStart().startsWith("*")) return [];
    const at = { path, line: index + 1, text: text.trim(), specifier };
    if (!specifier.startsWith(".")) return [{ ...at, target: packageOf(specifier), ours: false }];
    const resolved = new URL(specifier, `file:///${path}`).pathname.slice(1);
    return [{ ...at, target: resolved, ours: true }];
  });

const packageOf = (specifier: string): string =>
  specifier.startsWith("node:")
    ? specifier
    : specifier
        .split("/")
        .slice(0, specifier.startsWith("@") ? 2 : 1)
        .join("/");
