import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

export interface Block {
  readonly page: string;
  /** Of its first line, from 1. */
  readonly line: number;
  readonly language: string;
  readonly code: string;
  /** The HTML comment directly above it, such as `file: images/components/web.yaml`. */
  readonly mark?: string;
}

interface Line {
  readonly number: number;
  readonly text: string;
}

export interface Page {
  readonly path: string;
  readonly blocks: readonly Block[];
  /** Lines outside code blocks. */
  readonly prose: readonly Line[];
}

const PAGES = [":(glob)docs/**/*.md", ":(glob)packages/*/README.md", "README.md", "CONTRIBUTING.md", "SECURITY.md"];

const FENCE = /^( *)```+ *(\S*)/;
const MARK = /^<!-- (.+) -->$/;

export function readPage(path: string, text = readFileSync(path, "utf8")): Page {
  const blocks: Block[] = [];
  const prose: Line[] = [];
  let open: { indent: string; language: string; line: number; code: string[] } | undefined;
  const lines = text.split("\n");
  for (const [index, line] of lines.entries()) {
    const fence = FENCE.exec(line);
    if (open && fence) {
      const code = open.code.map((one) => one.replace(open?.indent ?? "", "")).join("\n");
      const [, mark] = MARK.exec(lines[open.line - 3] ?? "") ?? [];
      blocks.push({ page: path, line: open.line, language: open.language, code, ...(mark && { mark }) });
      open = undefined;
    } else if (open) open.code.push(line);
    else if (fence) open = { indent: fence[1] ?? "", language: fence[2] ?? "", line: index + 2, code: [] };
    else prose.push({ number: index + 1, text: line });
  }
  return { path, blocks, prose };
}

/** Every page for readers; decision records are history and stay unchanged. */
export function pages(): Page[] {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", ...PAGES]);
  return listed
    .toString()
    .split("\0")
    .filter((path) => path !== "" && !path.startsWith("docs/adr/"))
    .map((path) => readPage(path));
}

const HEADING = /^#{1,6} +(.+?) *#*$/;

/** Anchors of a page's headings, as GitHub makes them. */
export function anchors({ prose }: Page): Set<string> {
  const found = new Map<string, number>();
  for (const { text } of prose) {
    const [, heading] = HEADING.exec(text) ?? [];
    if (heading === undefined) continue;
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
    const slug = plain
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M} _-]/gu, "")
      .replaceAll(" ", "-");
    const before = found.get(slug) ?? 0;
    found.set(slug, before + 1);
    if (before > 0) found.set(`${slug}-${before}`, 1);
  }
  return new Set(found.keys());
}

export interface Link extends Line {
  readonly target: string;
}

/** Links to files of the repository. */
export const links = ({ prose }: Page): Link[] =>
  prose.flatMap(({ number, text }) =>
    [...text.replace(/`[^`]*`/g, "").matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = ""]) => target)
      .filter((target) => !/^[a-z]+:/.test(target))
      .map((target) => ({ number, text, target })),
  );
